"""Waking up to ask what became of a group-send."""

from datetime import datetime

from chalicelib.domain.group_sending import poll_due_at
from chalicelib.domain.push import GroupSend, digest
from chalicelib.gateways import schedules
from chalicelib.schemas.wakeups import ResultsDue


def plan_poll(send: GroupSend, poll: int, since: datetime, now: datetime) -> None:
    """Plan to ask for the `poll`-th time; nothing after the last time. `since` is what the wait counts from."""
    due_at = poll_due_at(send, poll)
    if due_at:
        wake(send, poll, due_at, since, now)


def wake(send: GroupSend, poll: int, due_at: datetime, since: datetime, now: datetime) -> None:
    """Plan a look at an instant. Planned twice it is one schedule, since its name is made of that instant."""
    body = ResultsDue(batch=send.batch, sequence=send.sequence, poll=poll, due_at=due_at)
    name = f"results-{digest(send.batch, send.sequence, poll, due_at.isoformat())}"
    schedules.wake("results", name, body.model_dump(mode="json"), schedules.Wait(due_at, since), now)
