"""How much a playbook will do, before it is published: every step of every stage of every journey, counted.

It is an upper bound for what is known before: everybody who enters is taken to pass every stage, every condition of a
step to hold, and no cap to be reached. `shares` lower it where the author knows better.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from fractions import Fraction
from math import ceil
from typing import NamedTuple

from chalicelib.domain.playbook.journeys import Journey, Stage, Step
from chalicelib.domain.playbook.playbook import Playbook
from chalicelib.domain.push import SEND_LIMIT, SLOT
from chalicelib.domain.timing import due_at, zone_of

A_DAY = timedelta(days=1)
A_YEAR = 365
SLOTS_A_DAY = A_DAY // SLOT
MOST = 1_000_000_000


@dataclass(frozen=True)
class Plan:
    """What is assumed of the customers. `entering` over `over` days from `starts` on, of `staff`, watched for `days`.

    `behaviours` are what each customer does beside following, `shares` the part of the entering (0 to 1) that a
    journey (`consultation`) or a stage (`consultation/keen`) gets. Raises ValueError with what to write instead.
    """

    entering: int
    starts: datetime
    days: int = 30
    staff: int = 10
    over: int = 1
    behaviours: int = 5
    shares: Mapping[str, Fraction] = field(default_factory=dict)

    def __post_init__(self) -> None:
        bounds = {"entering": (1, MOST), "days": (1, 3660), "staff": (1, self.entering), "over": (1, self.days)}
        for name, (least, most) in bounds.items():
            if not least <= getattr(self, name) <= most:
                raise ValueError(f"{name} is {getattr(self, name)}: write a number from {least} to {most}")
        if not 0 <= self.behaviours <= 10_000:
            raise ValueError(f"behaviours is {self.behaviours}: write how many each customer does, from 0 to 10000")
        for name, share in self.shares.items():
            if not 0 <= share <= 1:
                raise ValueError(f"{name} gets {float(share):.0%}: write a share from 0% to 100%")

    def share(self, *path: str) -> Fraction:
        """Return the part of the entering that a journey or a stage gets."""
        return self.shares.get("/".join(path), Fraction(1))


class Volume(NamedTuple):
    """What one step does: how often it runs, and how many group-sends carry it. The stage's own row has no step."""

    journey: str
    stage: str
    step: str
    runs: int
    group_sends: int


def volumes(playbook: Playbook, plan: Plan) -> Iterator[Volume]:
    """Yield the volume of every step, in the playbook's order.

    Raises ValueError for a share of a journey or a stage that the playbook has not.
    """
    known = {path for journey in playbook.journeys for path in paths_of(journey)}
    if strangers := sorted(plan.shares.keys() - known):
        raise ValueError(f"{', '.join(strangers)}: the playbook has {', '.join(sorted(known))}")
    for journey in playbook.journeys:
        for stage in journey.stages:
            staying = ceil(plan.entering * plan.share(journey.id) * plan.share(journey.id, stage.id))
            yield from (volume(playbook, plan, (journey, stage, step), staying) for step in stage.steps)


def paths_of(journey: Journey) -> list[str]:
    """Return what a share can be given to in a journey."""
    return [journey.id, *(f"{journey.id}/{stage.id}" for stage in journey.stages)]


def volume(playbook: Playbook, plan: Plan, place: tuple[Journey, Stage, Step], staying: int) -> Volume:
    """Return the volume of one step when `staying` customers are in its stage from their first day on."""
    journey, stage, step = place
    runs, slots = runs_and_slots(playbook, plan, step, staying)
    return Volume(journey.id, stage.id, step.id, runs, group_sends(runs, plan.staff, slots))


def runs_and_slots(playbook: Playbook, plan: Plan, step: Step, staying: int) -> tuple[int, int]:
    """Return how often a step comes due, and in how many quarters of an hour.

    A step on a date of the customer's own comes due for as many as have it within the days, if dates are spread evenly.
    One on a date that has passed is due at once, only to be skipped as late: it runs, and sends nothing.
    """
    if is_own_date(step, playbook, plan):
        return ceil(Fraction(staying * min(plan.days, A_YEAR), A_YEAR)), plan.days
    due = due_at(step, plan.starts, zone_of(None, playbook.zone), {})
    if due is None or due >= plan.starts + plan.days * A_DAY:
        return 0, 0
    if step.on and due < plan.starts:
        return staying, 0
    if step.after is not None:
        return staying, plan.over * SLOTS_A_DAY
    return staying, 1 if step.on else plan.over


def is_own_date(step: Step, playbook: Playbook, plan: Plan) -> bool:
    """Whether a step is on an attribute of the customer, such as a birthday."""
    return step.on is not None and due_at(step, plan.starts, zone_of(None, playbook.zone), {}) is None


def group_sends(runs: int, staff: int, slots: int) -> int:
    """Return how many tasks staff get to confirm: staff × slots × ⌈customers of one / 10,000⌉, but none for nobody."""
    writing = min(staff, runs)
    if not writing or not slots:
        return 0
    of_one = ceil(runs / writing)
    filled = min(of_one, slots)
    return min(runs, writing * filled * ceil(ceil(of_one / filled) / SEND_LIMIT))
