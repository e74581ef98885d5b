"""How long a festival takes: everybody due at one moment, through the scheduler, the steps and the group-sends.

Arithmetic only. docs/guide/festival.md explains each figure and says where it is from.
"""

from dataclasses import dataclass
from math import ceil

SEND_LIMIT = 10_000
WRITES_A_STEP = 5  # allowance, push and its index entry, enrolment, and the push again when it is submitted
GATHERING_SECONDS = 135  # the gathering interval of 60 s and the queue's delay of 75 s


@dataclass(frozen=True)
class Festival:
    """Customers due at one moment, the staff whom they belong to (evenly), and how many contents they get."""

    customers: int
    staff: int
    contents: int = 1


@dataclass(frozen=True)
class Capacity:
    """What a deployment can do; the defaults are those of a new stack in a primary region.

    Rates are a second. `step_seconds` and `push_seconds` are what a step, and the marking of one push, take one
    function; `send_seconds` is what a group-send takes beside its pushes.
    """

    created: int = 5_000
    fired: int = 1_000
    steps_at_once: int = 40
    sends_at_once: int = 5
    step_seconds: float = 0.06
    push_seconds: float = 0.003
    send_seconds: float = 1.0


@dataclass(frozen=True)
class Plan:
    """Seconds, but for the counts. `last_task` counts from the due moment to the last group-send."""

    group_sends: int
    creating: int
    firing: int
    running: int
    sending: int
    last_task: int
    steps_to_keep_up: int
    writes_a_second: int


def plan(festival: Festival, capacity: Capacity) -> Plan:
    """Return how long each part takes. Steps run while schedules still fire, so the slower of the two counts."""
    each = ceil(festival.customers / festival.staff)
    group_sends = festival.staff * festival.contents * ceil(each / festival.contents / SEND_LIMIT)
    firing = ceil(festival.customers / capacity.fired)
    running = ceil(festival.customers * capacity.step_seconds / capacity.steps_at_once)
    working = group_sends * capacity.send_seconds + festival.customers * capacity.push_seconds
    sending = ceil(working / capacity.sends_at_once)
    return Plan(
        group_sends=group_sends,
        creating=ceil(festival.customers / capacity.created),
        firing=firing,
        running=running,
        sending=sending,
        last_task=max(firing, running) + GATHERING_SECONDS + sending,
        steps_to_keep_up=ceil(capacity.fired * capacity.step_seconds),
        writes_a_second=ceil(WRITES_A_STEP * festival.customers / max(firing, running)),
    )


def clock(seconds: int) -> str:
    """Return minutes and seconds: `16:40`."""
    return f"{seconds // 60}:{seconds % 60:02d}"
