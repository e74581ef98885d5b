"""Invocations and their cost so far, read now and then: the logs grow, and reading them takes the emulator's time."""

from collections.abc import Callable
from dataclasses import dataclass, field

from infra.local.demo.prices import cost_of
from infra.local.invocations import Report

EVERY = 10.0


@dataclass
class Meter:
    """`read` returns every invocation since the start."""

    read: Callable[[], list[Report]]
    invocations: int = 0
    cost: float = 0.0
    read_at: float = field(default=float("-inf"))

    def look(self, now: float, *, again: bool = False) -> None:
        """Read if the last reading is old, or anyway when told."""
        if again or now - self.read_at >= EVERY:
            reports = self.read()
            self.invocations, self.cost, self.read_at = len(reports), cost_of(reports), now
