"""Playing a story, with one fault or none, and mending what it left at the end of each act."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import chain
from typing import Any

from tests.harness.delivery import Delivery
from tests.harness.faults import Interruption
from tests.harness.operator import put_back
from tests.harness.troubles import Troubles
from tests.harness.wecom import WecomCloud
from tests.integration.faults.kinds import Fault, strike, when
from tests.integration.faults.points import Point
from tests.integration.faults.shop import Shop
from tests.integration.faults.stories import STORIES, Stage

HALF_A_DAY = timedelta(hours=12)  # a stream keeps its records for 24 hours: so often somebody has to look
TIMES = 4  # a function may fail once more while its failures are put back
OFF_THE_QUARTER = timedelta(minutes=7)  # a second's delay must not carry a step into the next slot
EPILOGUE = timedelta(days=4)  # in which what was put back last is delivered, and asked about for the last time


@dataclass
class Played(Stage):
    """A story that is being played: its stage, what was set aside on the way, and the fault that is to strike."""

    set_aside: list[tuple[str, Any]] = field(default_factory=list)
    interruption: Interruption | None = None

    def acts(self, story: str) -> Iterator[None]:
        """Play a story act by act; the operator looks twice a day, and at the end of each act."""
        for span in chain(STORIES[story].acts(self), [EPILOGUE]):
            ends_at = self.cloud.now + span
            while self.cloud.now < ends_at:
                self.cloud.run_until(min(self.cloud.now + HALF_A_DAY, ends_at))
                mend(self)
            yield

    def play(self, story: str) -> None:
        """Play a story to its end."""
        for _ in self.acts(story):
            pass


@contextmanager
def on_stage(story: str, delivery: Delivery | None = None) -> Iterator[Played]:
    """Bring up the cloud of a story."""
    with WecomCloud(delivery=delivery or STORIES[story].delivery()) as cloud, Troubles(cloud) as troubles:
        cloud.advance(OFF_THE_QUARTER)
        yield Played(cloud, Shop(cloud), troubles)


@contextmanager
def played(story: str, point: Point | None = None, fault: Fault = "killed before") -> Iterator[Played]:
    """Play a story, with a fault at a point; its cloud is up within the block."""
    with on_stage(story) as stage:
        if point:
            action = strike(stage.troubles, point.function, fault)
            stage.interruption = stage.cloud.at_call(point.function, when(fault), point.number, action, point.skip)
        stage.play(story)
        yield stage


def mend(stage: Played) -> None:
    """Mend what is broken and put back what was set aside, as an operator does; senders send again."""
    stage.troubles.lasting.clear()
    for _ in range(TIMES):
        stage.shop.repeat()
        stage.cloud.run_until_quiet()
        found = failures(stage.cloud)
        if not found:
            return
        stage.set_aside += found
        for function in dict.fromkeys(name for name, _ in found):
            put_back(stage.cloud, function)
        stage.cloud.run_until_quiet()


def failures(cloud: WecomCloud) -> list[tuple[str, Any]]:
    """Return what lies on failure queues, each with its function's name."""
    names = [name for name, variables in cloud.stack.environments.items() if "FAILURES_QUEUE_URL" in variables]
    lost = [("schedules", body) for body in cloud.messages("undelivered-schedules")]
    return [(name, body) for name in names for body in cloud.failures(name)] + lost
