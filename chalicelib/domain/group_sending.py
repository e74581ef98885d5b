"""Group-sends: who goes into one, which of the platform's is ours, and what its answers mean."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from chalicelib.domain.push import SEND_LIMIT, GroupSend, Push, State

POLLS = (timedelta(minutes=30), timedelta(hours=4), timedelta(hours=24), timedelta(hours=72))
DISPATCHING = timedelta(minutes=2)
PATIENCE = timedelta(hours=1)
SETTLE = timedelta(minutes=2)
UNDECIDED = ("planned", "submitted", "unknown")


class Fate(NamedTuple):
    """What became of a push, and why if it was not sent."""

    state: State
    reason: str | None = None


FATES = {1: Fate("delivered"), 2: Fate("failed", "not_friend"), 3: Fate("failed", "over_quota")}
NOT_REACHED = Fate("failed", "fail_list")
NOT_CONFIRMED = Fate("failed", "not_confirmed")


class Found(NamedTuple):
    """A group-send of the platform that turned out to be ours; `failed` are the customers that it left out."""

    msgid: str
    failed: tuple[str, ...]


def is_early(pushes: Iterable[Push], bucket: int) -> bool:
    """Whether some of these still gather: a later message will come for them, and for all the others."""
    return any(push.bucket > bucket for push in pushes)


def unclaimed(pushes: Iterable[Push], sends: Iterable[GroupSend]) -> list[Push]:
    """Return the planned pushes that no group-send has claimed, in order of their members."""
    claimed = {member for send in sends for member in send.members}
    waiting = (push for push in pushes if push.state == "planned" and push.member not in claimed)
    return sorted(waiting, key=lambda push: push.member)


def chunks(pushes: Sequence[Push]) -> list[tuple[str, ...]]:
    """Return the members of the group-sends that carry these pushes, at most 10,000 each."""
    members = [push.member for push in pushes]
    return [tuple(members[start : start + SEND_LIMIT]) for start in range(0, len(members), SEND_LIMIT)]


def recipients(send: GroupSend, pushes: Iterable[Push]) -> list[str]:
    """Return the customers of a group-send, each once: two runs of one customer are one message."""
    members = set(send.members)
    return list(dict.fromkeys(push.external_userid for push in pushes if push.member in members))


def window_of(send: GroupSend) -> tuple[datetime, datetime]:
    """Return when the platform would have created this group-send, with room for two clocks that differ."""
    return send.claimed_at - SETTLE, send.claimed_at + SETTLE


def is_settled(send: GroupSend, now: datetime, settle: timedelta) -> bool:
    """Whether the platform has had the time to list a group-send that it accepted."""
    return now - send.claimed_at >= settle


def found_in(msgid: str, took: Collection[str], wanted: Sequence[str]) -> Found | None:
    """Return a listed group-send as ours; None unless every customer that it took is one of those we asked for.

    The same text may go out twice in one evening, to others: only the customers tell two such group-sends apart.
    """
    if not took or not set(took) <= set(wanted):
        return None
    return Found(msgid, tuple(customer for customer in wanted if customer not in set(took)))


def members_among(customers: Iterable[str], send: GroupSend, pushes: Iterable[Push]) -> tuple[str, ...]:
    """Return the members of a group-send whose customers are among these."""
    members, wanted = set(send.members), set(customers)
    return tuple(push.member for push in pushes if push.member in members and push.external_userid in wanted)


def fates_on_submission(send: GroupSend, members: Iterable[str]) -> dict[str, Fate]:
    """Return what the platform's answer to a group-send means for each of these members."""
    if send.state == "closed":
        return dict.fromkeys(members, Fate("failed", send.reason))
    left_out = set(send.failed)
    return {member: NOT_REACHED if member in left_out else Fate("submitted") for member in members}


def poll_due_at(send: GroupSend, poll: int) -> datetime | None:
    """Return when to ask for the `poll`-th time what became of a group-send; None after the last time."""
    return send.claimed_at + POLLS[poll] if poll < len(POLLS) else None


def is_last(poll: int) -> bool:
    """Whether nobody asks again after the `poll`-th time."""
    return poll >= len(POLLS) - 1


def look_again_at(send: GroupSend, poll: int, due_at: datetime, now: datetime) -> datetime | None:
    """Return when to look again at a group-send that is still being dispatched; None when its next poll does.

    Counted in steps from the wake-up's own instant, so that the same wake-up twice looks again once.
    """
    steps = max(1, -((due_at - now) // DISPATCHING))
    again = due_at + steps * DISPATCHING
    following = poll_due_at(send, poll + 1) or send.claimed_at + POLLS[-1] + PATIENCE
    return again if again < following else None


def fate_of(status: int, poll: int) -> Fate | None:
    """Return what a result's status means; None while it is open.

    1 sent · 2 failed, not a friend · 3 failed, the customer has had too many group-sends · 0 not sent yet, which
    the last time counts as never.
    """
    return FATES.get(status, NOT_CONFIRMED if is_last(poll) else None)
