"""Waiting for a platform that cannot be reached: when to come back, and when to stop."""

from datetime import datetime, timedelta

from chalicelib.domain.group_sending import POLLS, poll_due_at
from chalicelib.domain.push import GroupSend

SHORTEST = timedelta(minutes=2)
LONGEST = timedelta(minutes=30)
PATIENCE = timedelta(days=1)
DOUBLINGS = 4


def comes_back_at(now: datetime, tries: int, until: datetime | None = None) -> datetime:
    """Return when to visit a batch again that the platform could not take.

    After 2, 4, 8, 16 and then every 30 minutes; where the platform named an instant, then, but looked at every 30
    minutes all the same: a secret may have been corrected meanwhile.
    """
    wait = until - now if until else SHORTEST * 2 ** min(tries, DOUBLINGS)
    return now + min(max(wait, SHORTEST), LONGEST)


def is_given_up(since: datetime, now: datetime) -> bool:
    """Whether somebody has to look, because the platform could not take a batch for a whole day."""
    return now - since >= PATIENCE


def asks_again_at(send: GroupSend, poll: int, due_at: datetime, now: datetime) -> datetime | None:
    """Return when to repeat a poll that got no answer; None when the next poll, or a person, has to do it.

    The wait doubles from two minutes to thirty. It is counted in steps from the wake-up's own instant, so that the
    same wake-up twice comes back once.
    """
    first = poll_due_at(send, poll) or due_at
    step = min(max(due_at - first, SHORTEST), LONGEST)
    again = due_at + max(1, -((due_at - now) // step)) * step
    last = poll_due_at(send, poll + 1) or send.claimed_at + POLLS[-1] + PATIENCE
    return again if again < last else None
