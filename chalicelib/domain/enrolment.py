"""An enrolment: one customer's run through one journey."""

from datetime import datetime
from typing import Literal

from chalicelib.domain.value import Value

State = Literal["active", "paused", "finished", "exited"]


class Enrolment(Value):
    """Where a customer stands in a journey, and what is due next.

    `run` is the journey's id, or `journey#key` for a keyed one. `turn` counts the runs of a customer who came back,
    `visit` the stages entered in this run, so that a stage entered twice is two visits. `done` are the ids of this
    visit's steps that are over, `step` the one that is next and `due_at` its instant. `since` is the instant that the
    wait for it counts from. `seen` is the customer's version at the last move: only what came later moves again.
    `superseded` is the version whose wake-up is still out although this one has overtaken it.
    """

    customer_id: str
    run: str
    journey: str
    playbook: str
    playbook_version: int
    version: int
    state: State
    turn: int
    entered_at: datetime
    stage: str
    visit: int
    stage_entered_at: datetime
    seen: int
    because: str
    done: tuple[str, ...] = ()
    step: str | None = None
    due_at: datetime | None = None
    since: datetime
    superseded: int | None = None
    ended_at: datetime | None = None
    reason: str | None = None

    @property
    def key(self) -> str:
        """What a `because` names: `{customer_id}/{run}`."""
        return f"{self.customer_id}/{self.run}"
