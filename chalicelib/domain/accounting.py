"""Accounting for steps: what was due and is neither sent nor has a reason."""

from collections import Counter
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from pydantic import Field

from chalicelib.domain.enrolment import Enrolment
from chalicelib.domain.push import GroupSend, Push
from chalicelib.domain.value import Value

OPEN_SENDS = ("claimed", "refused", "unknown")
Run = tuple[str, str]


class Accounting(Value):
    """Where all runs, pushes and group-sends stand.

    `enrolments` counts by state, `stages` the running ones by `journey/stage`, `pushes` by state and reason
    (`skipped cap_day`), `group_sends` by state. The rest are keys: `overdue` runs whose step should have run,
    `set_aside` those of them whose wake-up lies in a failure queue, with its reason; `waiting` planned pushes that no
    group-send took in time; `open_sends` group-sends that the platform has not confirmed in time.
    """

    at: datetime
    grace: timedelta
    enrolments: dict[str, int] = Field(default_factory=dict)
    stages: dict[str, int] = Field(default_factory=dict)
    pushes: dict[str, int] = Field(default_factory=dict)
    group_sends: dict[str, int] = Field(default_factory=dict)
    overdue: tuple[str, ...] = ()
    set_aside: tuple[str, ...] = ()
    waiting: tuple[str, ...] = ()
    open_sends: tuple[str, ...] = ()

    @property
    def due_unaccounted(self) -> int:
        """How many are due, and neither sent nor reasoned. It has to be 0."""
        return len(self.overdue) + len(self.waiting) + len(self.open_sends)


class Tally:
    """Takes in every row once, enrolments first, and makes the accounting."""

    def __init__(self, now: datetime, grace: timedelta, gather: timedelta, speed: float) -> None:
        self.now, self.grace, self.gather, self.speed = now, grace, gather, speed
        self.enrolments, self.stages = Counter[str](), Counter[str]()
        self.pushes, self.group_sends = Counter[str](), Counter[str]()
        self.due: dict[Run, Enrolment] = {}
        self.last_step: dict[Run, datetime] = {}
        self.waiting: set[str] = set()
        self.claimed: set[str] = set()
        self.open_sends: list[str] = []

    def take_enrolment(self, enrolment: Enrolment) -> None:
        """Count an enrolment."""
        self.enrolments[enrolment.state] += 1
        if enrolment.state == "active":
            self.stages[f"{enrolment.journey}/{enrolment.stage}"] += 1
            if self.is_overdue(enrolment):
                self.due[enrolment.customer_id, enrolment.run] = enrolment

    def take_push(self, push: Push) -> None:
        """Count a push."""
        self.pushes[f"{push.state} {push.reason}" if push.reason else push.state] += 1
        run = (push.customer_id, push.run)
        if run in self.due:
            self.last_step[run] = max(push.planned_at, self.last_step.get(run, push.planned_at))
        if push.state == "planned" and self.gathered_at(push) + self.gather + self.grace < self.now:
            self.waiting.add(push.key)

    def gathered_at(self, push: Push) -> datetime:
        """Return when a push's gathering interval is over, which is counted in real time."""
        return max(push.planned_at, datetime.fromtimestamp((push.bucket + 1) * self.gather.total_seconds(), UTC))

    def take_send(self, send: GroupSend) -> None:
        """Count a group-send. One that is open answers for its members."""
        self.group_sends[send.state] += 1
        if send.state in OPEN_SENDS:
            self.claimed |= {f"{send.batch}/{member}" for member in send.members}
            if send.claimed_at + self.grace < self.now:
                key = f"{send.batch}/~send#{send.sequence:04d}"
                self.open_sends.append(f"{key} {send.state} {send.reason or ''}".rstrip())

    def is_overdue(self, enrolment: Enrolment) -> bool:
        """Whether a run's wake-up should have come.

        Where waits are shortened, its instant is counted from two moments that are known in real time: the beginning
        of the stage, and the last step; the later of the two answers counts.
        """
        if enrolment.due_at is None:
            return False
        if self.speed == 1:
            return enrolment.due_at + self.grace < self.now
        begun = enrolment.stage_entered_at
        last = self.last_step.get((enrolment.customer_id, enrolment.run), begun)
        comes_at = max(
            begun + (enrolment.due_at - begun) / self.speed, last + (enrolment.due_at - enrolment.since) / self.speed
        )
        return comes_at + self.grace < self.now

    @property
    def overdue(self) -> dict[Run, Enrolment]:
        """The runs that are overdue by all that has been read."""
        return {run: enrolment for run, enrolment in self.due.items() if self.is_overdue(enrolment)}

    def accounting(self, set_aside: Mapping[Run, str]) -> Accounting:
        """Return what has been counted. `set_aside` are the runs whose wake-up is kept in a failure queue, and why."""
        overdue = {run: enrolment.key for run, enrolment in self.overdue.items()}
        return Accounting(
            at=self.now,
            grace=self.grace,
            enrolments=in_order(self.enrolments),
            stages=in_order(self.stages),
            pushes=in_order(self.pushes),
            group_sends=in_order(self.group_sends),
            overdue=tuple(sorted(key for run, key in overdue.items() if run not in set_aside)),
            set_aside=tuple(sorted(f"{key} {set_aside[run]}" for run, key in overdue.items() if run in set_aside)),
            waiting=tuple(sorted(self.waiting - self.claimed)),
            open_sends=tuple(sorted(self.open_sends)),
        )


def in_order(counter: Counter[str]) -> dict[str, int]:
    """Return counts by name."""
    return dict(sorted(counter.items()))
