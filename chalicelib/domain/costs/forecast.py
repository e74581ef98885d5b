"""What a playbook will cost: its volumes, times what one event uses, times the price book."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from chalicelib.domain.costs.units import RECEIVED, STEP, TAKEN_IN, WELCOME, Unit
from chalicelib.domain.costs.volumes import Plan, Volume
from chalicelib.domain.pricing.booking import Terms
from chalicelib.domain.pricing.line import SHARED_NAME, total_of

FOLLOWED = "(following)"
BEHAVED = "(behaviours)"


@dataclass(frozen=True)
class Estimate:
    """A row of a forecast: how often something happens, what that uses and costs (atto), and what has no price."""

    journey: str
    stage: str
    step: str
    events: int
    group_sends: int
    quantities: Mapping[str, int]
    amounts: Mapping[str, int]

    @property
    def total(self) -> int:
        """Everything that has a price, in atto."""
        return sum(self.amounts.values())

    @property
    def unpriced(self) -> frozenset[str]:
        """The components that will be used and have no price."""
        return frozenset(name for name, used in self.quantities.items() if used and name not in self.amounts)


def forecast(volumes: Iterable[Volume], plan: Plan, units: Mapping[str, Unit], terms: Terms) -> Iterator[Estimate]:
    """Yield what following, behaving and every step will cost.

    A follow is received, taken in, answered with a welcome, and its contact read is taken in; a behaviour is received
    and taken in; a step runs, and its delivered push is a behaviour that is taken in.
    """
    followed = {RECEIVED: 1, TAKEN_IN: 2, WELCOME: 1}
    nobody = Volume(SHARED_NAME, SHARED_NAME, FOLLOWED, plan.entering, 0)
    yield estimate(nobody, followed, units, terms)
    behaviours = plan.entering * plan.behaviours
    yield estimate(nobody._replace(step=BEHAVED, runs=behaviours), {RECEIVED: 1, TAKEN_IN: 1}, units, terms)
    for volume in volumes:
        yield estimate(volume, {STEP: 1, TAKEN_IN: 1}, units, terms)


def estimate(volume: Volume, events: Mapping[str, int], units: Mapping[str, Unit], terms: Terms) -> Estimate:
    """Return a row: `events` are how many of which kind each of its runs causes."""
    used = total_of(units[kind].per(number * volume.runs) for kind, number in events.items())
    return Estimate(*volume, used, terms.amounts(used))
