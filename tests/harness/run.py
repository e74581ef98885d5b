"""Letting the cloud run: whatever is due is delivered, one batch at a time, and the clock jumps to what comes next."""

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Protocol

from tests.harness.clock import Clock
from tests.harness.delivery import Delivery
from tests.harness.invocation import Invocation

PATIENCE = 20_000
RECENT = 100


class StillBusyError(AssertionError):
    """The cloud does not come to rest; the text says what keeps going round."""


class Source(Protocol):
    """Whatever can be due: a stream's or a queue's consumer, the schedules."""

    def next_moment(self) -> datetime | None:
        """Return when there is something to do; an instant that is over means now."""

    def step(self) -> None:
        """Do one thing that is due."""


class Runner:
    """Takes turns among the sources, or draws lots."""

    def __init__(
        self,
        sources: Sequence[Source],
        clock: Clock,
        delivery: Delivery,
        refresh: Callable[[], None],
        invocations: Sequence[Invocation],
    ) -> None:
        self.sources = list(sources)
        self.clock = clock
        self.delivery = delivery
        self.refresh = refresh
        self.invocations = invocations
        self.patience = PATIENCE

    def until_quiet(self) -> None:
        """Deliver everything that is due now. Raises StillBusyError after `patience` deliveries at one instant."""
        for _ in range(self.patience):
            if not self.step():
                return
        raise StillBusyError(self.complaint())

    def until(self, moment: datetime) -> None:
        """Deliver everything up to an instant, jumping from one event to the next."""
        for _ in range(self.patience):
            self.until_quiet()
            following = self.next_moment()
            if following is None or following > moment:
                self.clock.move_to(moment)
                return
            self.clock.move_to(following)
        raise StillBusyError(self.complaint())

    def next_moment(self) -> datetime | None:
        """Return when something happens next; None when nothing ever will."""
        self.refresh()
        return min((moment for source in self.sources if (moment := source.next_moment())), default=None)

    def step(self) -> bool:
        """Do one thing that is due; False when nothing is."""
        self.refresh()
        due = [source for source in self.sources if (moment := source.next_moment()) and moment <= self.clock.now]
        if not due:
            return False
        chosen = self.delivery.pick(due)
        self.sources.remove(chosen)
        self.sources.append(chosen)
        chosen.step()
        return True

    def complaint(self) -> str:
        """Say what keeps going round."""
        recent = self.invocations[-RECENT:]
        counts = ", ".join(f"{name} {number}" for name, number in Counter(one.function for one in recent).most_common())
        latest = f"; the latest got {subject_of(recent[-1])}" if recent else ""
        return (
            f"still busy at {self.clock.now:%F %T} after {self.patience} turns; "
            f"the last {len(recent)} invocations: {counts}{latest}"
        )


def subject_of(invocation: Invocation) -> str:
    """Say briefly what an invocation was about: the keys of its records, or its messages."""
    records = invocation.records or [invocation.event]
    return str([record.get("body") or record.get("dynamodb", record).get("Keys") for record in records])[:300]
