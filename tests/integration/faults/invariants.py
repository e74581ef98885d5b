"""What must be true whatever went wrong, once everything has been delivered again and mended.

Each check yields a sentence for everything that is not as it should be; nothing to say is what a test wants.
"""

from collections import Counter
from collections.abc import Iterator
from typing import Any

from chalicelib.domain.customer import Customer
from chalicelib.domain.enrolment import Enrolment
from chalicelib.domain.push import GroupSend, Push, digest
from chalicelib.models.audits import all_enrolments, all_pushes
from chalicelib.models.behaviours import BehaviourRow
from chalicelib.models.customers import CustomerRow
from chalicelib.models.identities import IdentityRow
from chalicelib.schemas.tracking.reading import hashed
from chalicelib.services.account_for_steps import account_for_steps
from chalicelib.services.read_playbooks import live_playbooks
from chalicelib.services.schedule_step import name_of
from tests.integration.faults.playing import Played, failures

WORKING = ("due-steps", "pushes.fifo", "results", "timers")


def broken(stage: Played) -> list[str]:
    """Return what is not as it should be."""
    checks = (sent_twice, unaccounted, half_moved, asleep_for_ever, half_settled, miscounted, lost)
    return [line for check in checks for line in check(stage)] + list(kept_badly(stage))


def sent_twice(stage: Played) -> Iterator[str]:
    """Every group-send of the platform is one of ours, and every push is in at most one of them."""
    sends = [row for row in all_pushes() if isinstance(row, GroupSend)]
    known = {send.msgid for send in sends}
    made = stage.cloud.wecom.state.corps["wwcorp"].group_sends
    yield from (f"the platform has {msgid}, which we do not know" for msgid in made if msgid not in known)
    members = Counter((send.batch, member) for send in sends for member in send.members)
    yield from (f"{member} was sent {number} times" for member, number in members.items() if number > 1)


def unaccounted(stage: Played) -> Iterator[str]:
    """What was due is sent, or has a reason; nothing waits for anybody any more."""
    found = account_for_steps(stage.cloud.now)
    yield from (f"unaccounted for: {key}" for key in (*found.overdue, *found.waiting, *found.open_sends))
    yield from (f"still set aside in {name}: {body}" for name, body in failures(stage.cloud))
    yield from (f"{name} still holds {body}" for name in WORKING for body in stage.cloud.messages(name))


def half_moved(_stage: Played) -> Iterator[str]:
    """A step that is over has its push, and one that is not over has none."""
    planned = {push.member: push for push in pushes()}
    for run in all_enrolments():
        yield from (f"{run.key} says {step} is over, but there is no push" for step in run.done
                    if member_of(run, step) not in planned)
        if run.step and run.step not in run.done and member_of(run, run.step) in planned:
            yield f"{run.key} waits for {run.step}, but its push is {planned[member_of(run, run.step)].state}"


def asleep_for_ever(stage: Played) -> Iterator[str]:
    """A run that waits for a step has the schedule that wakes it."""
    waiting = {name for group in stage.cloud.schedules.groups.values() for name in group}
    for run in all_enrolments():
        if run.due_at and name_of(run, run.version) not in waiting:
            yield f"{run.key} waits for {run.due_at}, and nothing will wake it"


def half_settled(_stage: Played) -> Iterator[str]:
    """A push and its group-send say the same, and a push whose fate is known has told its customer's story."""
    told = {(row.value.properties.get("push"), row.value.name) for row in BehaviourRow.scan()}
    sends = {(send.batch, member): send for send in all_pushes() if isinstance(send, GroupSend)
             for member in send.members}
    for push in pushes():
        send = sends.get((push.batch, push.member))
        if push.state in ("planned", "unknown"):
            yield f"{push.key} is {push.state}"
        if push.state == "submitted" and (send is None or send.msgid != push.msgid or send.state == "closed"):
            yield f"{push.key} is submitted, its group-send is {send and send.state}"
        is_known = send and send.msgid and push.state in ("delivered", "failed")
        if is_known and (push.key, f"chaoxi.push_{push.state}") not in told:
            yield f"{push.key} is {push.state}, and its customer's story does not say so"


def miscounted(stage: Played) -> Iterator[str]:
    """A customer's counters are what the behaviours table says."""
    watched = {name for playbook in live_playbooks(stage.cloud.now) for name in playbook.watched}
    done: Counter[tuple[str, str]] = Counter()
    for behaviour in (row.value for row in BehaviourRow.scan() if row.kind == "customer"):
        owner = IdentityRow.customer_of(behaviour.subject)
        if owner is None:
            yield f"{behaviour.key} belongs to nobody"
        else:
            done[present(owner).customer_id, behaviour.name] += 1
    for customer in (row.value for row in CustomerRow.scan() if not row.value.merged_into):
        counted = {name: signal.total for name, signal in customer.signals.items() if name in watched}
        wanted = {name: number for name in watched if (number := done[customer.customer_id, name])}
        if counted != wanted:
            yield f"{customer.customer_id} counts {counted}, and the behaviours are {wanted}"


def lost(stage: Played) -> Iterator[str]:
    """What was acknowledged is stored, or kept as rejected."""
    stored = {row.value.id for row in BehaviourRow.scan()}
    rejected = {body["event"]["messageId"] for body in stage.cloud.messages("rejects")}
    for message in stage.shop.told:
        if hashed("shop", "messageId", message) not in stored and message not in rejected:
            yield f"{message} was acknowledged, and is nowhere"
    codes = {row.value.welcome_code for row in BehaviourRow.scan()}
    for each in stage.cloud.wecom.emitted:
        code = each.xml.partition("<WelcomeCode><![CDATA[")[2].partition("]]>")[0]
        if code and each.delivery and each.delivery.is_accepted and code not in codes:
            yield f"the follow with code {code} was acknowledged, and is nowhere"


def kept_badly(stage: Played) -> Iterator[str]:
    """What was set aside has its reason and its images.

    What was given up after all retries is a queue's own message, or a stream's news of where its records lie.
    """
    for name, body in stage.set_aside:
        image = body.get("record", {}).get("dynamodb", body.get("record", {}).get("body"))
        given_up = "reason" not in body and ("DDBStreamBatchInfo" in body or "record" not in body)
        if not given_up and not (body.get("reason") and image):
            yield f"{name} set aside without reason or image: {body}"


def pushes() -> list[Push]:
    """Return every push of a step."""
    return [row for row in all_pushes() if isinstance(row, Push) and row.channel == "group_send"]


def member_of(run: Enrolment, step: str) -> str:
    """Return the push that a run's step makes in its present visit."""
    return digest(run.key, run.turn, run.visit, run.stage, step)


def present(customer_id: str) -> Customer:
    """Return a customer, led on through merges."""
    found: Any = CustomerRow.fetch(customer_id)
    return present(found.merged_into) if found and found.merged_into else found or Customer(customer_id=customer_id)
