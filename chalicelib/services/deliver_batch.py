"""Deliver: the pushes of one staff member, one content and one slot become one task that they confirm."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from chalicelib.domain.group_sending import (
    SETTLE,
    Fate,
    chunks,
    fates_on_submission,
    is_early,
    is_settled,
    members_among,
    recipients,
    unclaimed,
)
from chalicelib.domain.playbook.content import Content
from chalicelib.domain.push import GroupSend, Push
from chalicelib.errors import ConflictError
from chalicelib.gateways.wecom.client import WeComApp
from chalicelib.gateways.wecom.group_sends import create_group_send
from chalicelib.gateways.wecom.trouble import NoAnswerError, RefusedError, TroubleError
from chalicelib.metering.inputs import noted
from chalicelib.models import group_sends
from chalicelib.models.pushes import PushRow
from chalicelib.observability import count
from chalicelib.services.charge import charge_pushes
from chalicelib.services.plan_poll import plan_poll
from chalicelib.services.read_content import read_content
from chalicelib.services.reconcile_send import find_group_send
from chalicelib.services.side_by_side import side_by_side
from chalicelib.services.wecom_apps import WeComApps


@dataclass(frozen=True)
class Delivery:
    """One visit to a batch: what lies in its partition, and what the visit needs."""

    sends: tuple[GroupSend, ...]
    pushes: tuple[Push, ...]
    content: Content
    app: WeComApp
    now: datetime
    settle: timedelta

    @property
    def staff(self) -> str:
        """Who confirms."""
        return self.pushes[0].staff


def deliver_batch(batch: str, bucket: int, now: datetime, apps: WeComApps, settle: timedelta = SETTLE) -> None:
    """Send what waits in a batch; drop the message when a later one will come for it.

    Claim, call, confirm. The claim names the members, so that whatever happens next, these pushes belong to this
    call. The answer is one write, and the poll for its results is planned before the pushes learn of it, because
    that may take a while. What a crash left is taken up first: an open claim is looked for at the platform before
    anything is called again, and an answered one only confirms. Raises TroubleError for another delivery, and
    RefusedError where the deployment must be put right first.
    """
    sends, pushes = group_sends.members_of(batch)
    waiting = [push for push in pushes if push.state == "planned"]
    charge_pushes(waiting or pushes)
    if not waiting or is_early(unclaimed(pushes, sends), bucket):
        noted("batch_message", False, f"{batch}@{bucket}")
        return
    content = read_content(waiting[0].content).rendered({})
    visit = Delivery(tuple(sends), tuple(pushes), content, apps.app(waiting[0].account), now, settle)
    for send in sends:
        take_up(send, visit)
    for number, members in enumerate(chunks(unclaimed(pushes, sends)), start=len(sends) + 1):
        claimed = GroupSend(batch=batch, sequence=number, members=members, state="claimed", claimed_at=now)
        if not group_sends.claim(claimed):
            raise ConflictError("another delivery claimed this group-send")
        call(claimed, visit)
    noted("batch_message", True, f"{batch}@{bucket}")


def take_up(send: GroupSend, visit: Delivery) -> None:
    """Bring an earlier group-send to its end."""
    if send.state in ("submitted", "closed"):
        confirm(send, visit)
    elif send.state == "refused":
        call_again(send, visit)
    else:
        reconcile(send, visit)


def reconcile(send: GroupSend, visit: Delivery) -> None:
    """Adopt the group-send that the platform made of an unanswered call, or call again once it surely made none."""
    wanted = recipients(send, visit.pushes)
    known = {other.msgid for other in visit.sends if other.msgid}
    found = find_group_send(visit.app, send, visit.staff, wanted, visit.content.text or "", known)
    if found:
        count("SendAdopted")
        submit(send, found.msgid, found.failed, visit)
    elif is_settled(send, visit.now, visit.settle):
        call_again(send, visit)
    else:
        raise NoAnswerError("the platform may not list this group-send yet")


def call_again(send: GroupSend, visit: Delivery) -> None:
    """Call for a group-send that was not made; its claim is dated anew, because the search goes by that date.

    Of two deliveries that both found it missing only one may: the other one's claim is not what it has read.
    """
    claimed = send.model_copy(update={"state": "claimed", "claimed_at": visit.now, "reason": None})
    note(send, claimed)
    call(claimed, visit)


def note(before: GroupSend, after: GroupSend) -> None:
    """Write a group-send's next state. Raises ConflictError when another delivery has moved it on meanwhile."""
    if not group_sends.change(before, after):
        raise ConflictError("another delivery moved this group-send on")


def call(send: GroupSend, visit: Delivery) -> None:
    """Create the group-send, and write down what came of it before anything else."""
    try:
        made = create_group_send(visit.app, visit.staff, recipients(send, visit.pushes), visit.content)
    except NoAnswerError as error:
        count("SendUnknown")
        note(send, send.model_copy(update={"state": "unknown", "reason": error.reason}))
        raise
    except TroubleError as error:
        note(send, send.model_copy(update={"state": "refused", "reason": error.reason}))
        raise
    except RefusedError as error:
        give_up(send, error, visit)
    else:
        submit(send, made.msgid, made.fail_list, visit)


def give_up(send: GroupSend, error: RefusedError, visit: Delivery) -> None:
    """Close a group-send that the platform will never make; keep one that waits for a repair."""
    state = "refused" if error.decision == "alarm" else "closed"
    refused = send.model_copy(update={"state": state, "reason": error.reason})
    note(send, refused)
    if state == "refused":
        raise error
    confirm(refused, visit)


def submit(send: GroupSend, msgid: str, failed: tuple[str, ...], visit: Delivery) -> None:
    """Record that the platform has the group-send, without the customers that `failed` names."""
    left_out = members_among(failed, send, visit.pushes)
    submitted = send.model_copy(update={"state": "submitted", "msgid": msgid, "failed": left_out, "reason": None})
    group_sends.record(submitted)
    confirm(submitted, visit)


def confirm(send: GroupSend, visit: Delivery) -> None:
    """Tell each push of an answered group-send what became of it."""
    members = set(send.members)
    waiting = [push for push in visit.pushes if push.member in members and push.state == "planned"]
    if not waiting:
        return
    if send.state == "submitted":
        plan_poll(send, 0, send.claimed_at, visit.now)
    fates = fates_on_submission(send, (push.member for push in waiting))
    side_by_side(lambda push: settle(push, fates[push.member], send.msgid, visit.now), waiting)


def settle(push: Push, fate: Fate, msgid: str | None, now: datetime) -> None:
    """Write one push's fate, unless its result is known already."""
    state, reason = fate
    told = {"state": state, "reason": reason, "msgid": msgid, "settled_at": now if state == "failed" else None}
    PushRow.settle(push.model_copy(update=told), "planned")
