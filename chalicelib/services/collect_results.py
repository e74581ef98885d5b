"""Collect: what became of a group-send lands on its pushes, and comes back as behaviours."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from chalicelib.domain.group_sending import (
    NOT_REACHED,
    POLLS,
    UNDECIDED,
    Fate,
    fate_of,
    is_last,
    look_again_at,
)
from chalicelib.domain.holding import asks_again_at
from chalicelib.domain.push import GroupSend, Push
from chalicelib.errors import ChaoxiError
from chalicelib.gateways.wecom.client import WeComApp
from chalicelib.gateways.wecom.group_sends import Outcome, outcomes_of
from chalicelib.gateways.wecom.trouble import CurableError, RefusedError, TroubleError
from chalicelib.metering.inputs import noted
from chalicelib.models import group_sends
from chalicelib.models.behaviours import BehaviourRow
from chalicelib.models.pushes import PushRow
from chalicelib.observability import count, logger
from chalicelib.schemas.wakeups import ResultsDue
from chalicelib.services.charge import charge_pushes
from chalicelib.services.plan_poll import plan_poll, wake
from chalicelib.services.push_behaviour import push_behaviour
from chalicelib.services.side_by_side import side_by_side
from chalicelib.services.wecom_apps import WeComApps


@dataclass(frozen=True)
class Look:
    """One look at a group-send, with the pushes that it carries."""

    send: GroupSend
    pushes: tuple[Push, ...]
    due: ResultsDue
    app: WeComApp
    now: datetime


@dataclass(frozen=True)
class Verdict:
    """A push, its fate, and since when it is true."""

    push: Push
    fate: Fate
    at: datetime


def collect_results(due: ResultsDue, now: datetime, apps: WeComApps) -> None:
    """Ask what became of a group-send, and let each of its pushes know.

    Asking changes nothing, so it comes first. The next look is planned before anything is written, and also when
    asking fails: whatever happens to this message, somebody asks again. A push's behaviour is written before the push,
    because only an undecided push is looked at again, and a behaviour that is derived from it is the same row the
    second time. The group-send's own row comes last: until then another delivery of the message repeats all of this,
    and after it that delivery is dropped. Raises TransientError, and RefusedError where the deployment must be put
    right first.
    """
    sends, pushes = group_sends.members_of(due.batch)
    send = next((each for each in sends if each.sequence == due.sequence), None)
    if send is None or send.state != "submitted" or (send.polled and due.due_at <= send.polled):
        noted("poll", False, key_of(due))
        return
    members = set(send.members)
    carried = tuple(push for push in pushes if push.member in members)
    if carried:
        charge_pushes(carried)
        take(Look(send, carried, due, apps.app(carried[0].account), now))
    noted("poll", True, key_of(due))


def key_of(due: ResultsDue) -> str:
    """Return what tells a wake-up from others."""
    return f"{due.batch}/{due.sequence}@{due.due_at.isoformat()}"


def take(look: Look) -> None:
    """Ask, plan the next look, write."""
    try:
        verdicts = verdicts_from(look)
    except ChaoxiError as error:
        put_off(look, error)
        return
    open_still = {push.member for push in undecided(look)} - {verdict.push.member for verdict in verdicts}
    if open_still:
        keep_asking(look)
    side_by_side(lambda verdict: land(verdict, look), verdicts)
    close(look, is_over=not open_still)


def verdicts_from(look: Look) -> list[Verdict]:
    """Return what the platform can say by now. A refusal that no repair can change is an answer for all."""
    send = look.send
    try:
        outcomes = outcomes_of(look.app, send.msgid or "", look.pushes[0].staff)
    except RefusedError as error:
        if error.decision == "alarm":
            raise
        return [Verdict(push, Fate("failed", error.reason), send.claimed_at) for push in undecided(look)]
    return [*left_out(look), *decided(look, outcomes)]


def left_out(look: Look) -> list[Verdict]:
    """Return the pushes that the platform would not take at all; deliver has marked them, but told nobody."""
    failed = set(look.send.failed)
    refused = [push for push in look.pushes if push.member in failed]
    untold = [push for push in refused if look.due.poll == 0 or push.state in UNDECIDED]
    return [Verdict(push, NOT_REACHED, look.send.claimed_at) for push in untold]


def decided(look: Look, outcomes: Mapping[str, Outcome]) -> list[Verdict]:
    """Return the pushes whose result is known, which the last time is every one."""
    send, failed, verdicts = look.send, set(look.send.failed), []
    for push in undecided(look):
        outcome = outcomes.get(push.external_userid, Outcome())
        fate = fate_of(outcome.status, look.due.poll)
        if fate and push.member not in failed:
            at = send.claimed_at + POLLS[-1] if outcome.status == 0 else outcome.at or send.claimed_at
            verdicts.append(Verdict(push, fate, at))
    return verdicts


def undecided(look: Look) -> list[Push]:
    """Return the pushes without a result; deliver may still be busy confirming some of them."""
    return [push for push in look.pushes if push.state in UNDECIDED]


def land(verdict: Verdict, look: Look) -> None:
    """Tell the customer's story, then the push."""
    push, (state, reason) = verdict.push, verdict.fate
    settled = push.model_copy(update={"state": state, "reason": reason, "settled_at": verdict.at})
    told = push_behaviour(settled, look.app.corp_id, verdict.at, look.now)
    noted("report", BehaviourRow.record(told), told.key)
    PushRow.settle(settled, *UNDECIDED)


def keep_asking(look: Look) -> None:
    """Plan the next poll."""
    plan_poll(look.send, look.due.poll + 1, look.due.due_at, look.now)


def put_off(look: Look, error: ChaoxiError) -> None:
    """Have somebody ask later. Raises the error where that has to be a person."""
    if isinstance(error, CurableError) and error.decision == "delay":
        look_again(look)
        return
    keep_asking(look)
    if not isinstance(error, TroubleError) or not asks_again(look, error):
        raise error


def asks_again(look: Look, error: TroubleError) -> bool:
    """Repeat this poll when the platform may be back, or leave it to the next one; False after the last.

    The instant is counted from now and not from the visit's beginning: silence may have taken minutes.
    """
    now = look.app.tokens.clock()
    again = asks_again_at(look.send, look.due.poll, look.due.due_at, now)
    if again:
        wake(look.send, look.due.poll, again, look.due.due_at, now)
    elif is_last(look.due.poll):
        return False
    count("ResultsHeld")
    logger.warning("WeCom cannot tell now", extra={"batch": look.send.batch, "reason": str(error)})
    return True


def look_again(look: Look) -> None:
    """Come back soon to a group-send that is still being dispatched; give it up after the last poll."""
    again = look_again_at(look.send, look.due.poll, look.due.due_at, look.now)
    if again:
        wake(look.send, look.due.poll, again, look.due.due_at, look.now)
    elif is_last(look.due.poll):
        side_by_side(lambda verdict: land(verdict, look), decided(look, {}))
    else:
        keep_asking(look)
    close(look, is_over=not again and is_last(look.due.poll))


def close(look: Look, is_over: bool) -> None:
    """Note that this look is over, and whether it was the last one."""
    state = "closed" if is_over else "submitted"
    group_sends.record(look.send.model_copy(update={"state": state, "polled": look.due.due_at}))
