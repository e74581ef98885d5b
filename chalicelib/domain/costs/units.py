"""What one event uses on average: billable units a behaviour received, a behaviour taken in, a welcome, a step.

Every function of the loop works for one kind of event, and the ledger's lines say how much each used and how many
records it took. So the same arithmetic serves a deployment's own history and a measurement in the harness.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction

from chalicelib.domain.pricing.line import Line

RECEIVED, TAKEN_IN, WELCOME, STEP = "received", "taken in", "welcome", "step"
# event: (the functions that work for it, the one whose records are these events)
WORK: dict[str, tuple[tuple[str, ...], str]] = {
    RECEIVED: (("APIHandler",), "APIHandler"),
    TAKEN_IN: (("Tag", "Move", "PassTime"), "Tag"),
    WELCOME: (("Greet",), "Greet"),
    STEP: (("Schedule", "RunStep", "Deliver", "Collect"), "RunStep"),
}
ENOUGH = 100


@dataclass(frozen=True)
class Unit:
    """What `counted` events used in all, by component; `source` says where that is known from."""

    counted: int
    quantities: Mapping[str, int]
    source: str = ""

    def per(self, events: int) -> dict[str, int]:
        """Return what some events use, in whole smallest units, rounded up."""
        return {name: -int(-Fraction(used * events, self.counted) // 1) for name, used in self.quantities.items()}


def units_of(lines: Iterable[Line], source: str) -> dict[str, Unit]:
    """Return the units of every event that the lines know of."""
    used: dict[str, Counter[str]] = {event: Counter() for event in WORK}
    records: Counter[str] = Counter()
    event_of = {function: event for event, (functions, _) in WORK.items() for function in functions}
    for line in lines:
        if line.function in event_of:
            used[event_of[line.function]].update(line.quantities)
            records[line.function] += line.records
    counts = {event: records[counter] for event, (_, counter) in WORK.items()}
    return {event: Unit(counts[event], dict(used[event]), source) for event in WORK if counts[event] > 0}


def best_of(history: Mapping[str, Unit], measured: Mapping[str, Unit]) -> dict[str, Unit]:
    """Return, for each event, the history's unit where that has seen enough of them, else the measured one."""
    seen = {event: unit for event, unit in history.items() if unit.counted >= ENOUGH}
    return {**measured, **seen}
