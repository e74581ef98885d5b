"""Our own messages. Each is a wake-up: ids and a version; whoever gets one reads the row again."""

from datetime import datetime

from pydantic import BaseModel, ConfigDict


class Wakeup(BaseModel):
    """What every wake-up has in common."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class StepDue(Wakeup):
    """An enrolment's next step is due. A version that the row has left behind is dropped."""

    customer_id: str
    run: str
    version: int


class BatchDue(Wakeup):
    """A batch of pushes has been gathered up to an interval.

    `tries`: how many visits found a platform that could not take it, `since` when the first of them did.
    """

    batch: str
    bucket: int
    since: datetime | None = None
    tries: int = 0


class ResultsDue(Wakeup):
    """It is time to ask what became of a group-send, for the `poll`-th time."""

    batch: str
    sequence: int
    poll: int
    due_at: datetime


class TimerDue(Wakeup):
    """A span of time after a behaviour is over."""

    subject: str
    account: str
    rule: str
    because: str
    due_at: datetime
