"""Journeys, their stages and the SOP steps of each stage."""

from datetime import timedelta
from typing import Annotated, Any, Literal, Self

from pydantic import BeforeValidator, Field, PlainSerializer, model_validator

from chalicelib.domain.playbook.conditions import Condition
from chalicelib.domain.playbook.strict import Name, OneOrMore, Strict, parse_duration, write_duration
from chalicelib.domain.playbook.timing import Timing, Window

Intent = Literal["low", "medium", "high", "won", "lost"]


class Step(Timing):
    """One content at one time of a stage.

    `windows` are local hours in which it may be sent; due outside them it waits for the next (`late: wait`) or is
    skipped with the reason `window` (`late: skip`); the same word decides for quiet hours.
    `only_if` and `unless` are read at the moment of sending.
    """

    id: Name
    content: Name
    windows: Annotated[tuple[Window, ...], OneOrMore] = ()
    late: Literal["wait", "skip"] = "wait"
    only_if: Condition | None = None
    unless: Condition | None = None


class Stage(Strict):
    """An intent level of a journey.

    A running customer moves to the heaviest stage whose `when` newly holds. A lighter stage than the current one
    takes them only when it says `backward: true`. A `final` stage ends the run after its last step.
    """

    id: Name
    name: str
    intent: Intent
    weight: int
    when: Condition | None = None
    backward: bool = False
    final: bool = False
    steps: tuple[Step, ...] = ()

    @model_validator(mode="after")
    def steps_have_their_own_ids(self) -> Self:
        """Refuse two steps of one name: the second would count as done with the first."""
        ids = [step.id for step in self.steps]
        doubles = sorted({name for name in ids if ids.count(name) > 1})
        if doubles:
            raise ValueError(f"two steps are called {', '.join(doubles)}: give each step of a stage its own id")
        return self

    def step(self, name: str | None) -> Step | None:
        """Return a step by id; None when the stage has none of that name (any more)."""
        return next((step for step in self.steps if step.id == name), None)


def parse_again(written: object) -> object:
    """Return `never`, `always`, or the pause that is written. Raises ValueError for anything else."""
    if written in ("never", "always"):
        return written
    try:
        pause = parse_duration(written)
    except ValueError:
        raise ValueError(f"again is never, always, or a pause such as 30d; here: '{written}'") from None
    if pause.total_seconds() < 0:
        raise ValueError("again cannot be a negative pause")
    return pause


def write_again(again: Any) -> str:
    """Return the text that parses back to the same."""
    return write_duration(again) if isinstance(again, timedelta) else str(again)


Again = Annotated[Literal["never", "always"] | timedelta, BeforeValidator(parse_again), PlainSerializer(write_again)]


class Entry(Strict):
    """Who enters a journey.

    `again` says what a new cause does after the run has ended: `never`, `always`, or a pause such as `30d`.
    `keyed_by` names a keyed tag: every key of it is a run of its own.
    """

    when: Condition
    again: Again = "never"
    keyed_by: Name | None = None


class Exit(Strict):
    """What ends a run at once."""

    reason: Name
    when: Condition


class Journey(Strict):
    """A path of stages. A customer enters at the heaviest stage that holds, or else at the first."""

    id: Name
    name: str
    enter: Entry
    exit: Annotated[tuple[Exit, ...], OneOrMore] = ()
    stages: Annotated[tuple[Stage, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def stages_can_be_told_apart(self) -> Self:
        """Refuse two stages of one id or one weight: which is further along would be chance."""
        for what, values in (("id", [s.id for s in self.stages]), ("weight", [s.weight for s in self.stages])):
            if len(set(values)) < len(values):
                raise ValueError(f"two stages of journey '{self.id}' have the same {what}: give each its own")
        return self

    def stage(self, name: str) -> Stage | None:
        """Return a stage by id; None when the journey has none of that name (any more)."""
        return next((stage for stage in self.stages if stage.id == name), None)
