"""Reading costs from the ledger."""

from collections.abc import Callable, Iterator

from chalicelib.domain.costs.grouping import Costs, Question, summed
from chalicelib.domain.costs.period import Period
from chalicelib.domain.pricing.line import Line
from chalicelib.models.ledger import lines_of


def read_costs(
    period: Period, question: Question, currency: str, seen: Callable[[], None] = lambda: None
) -> Costs:
    """Return what a period (UTC days) cost. Reads the ledger day by day, strongly consistent; `seen` hears of each."""
    return summed(lines_in(period, seen), question, currency)


def lines_in(period: Period, seen: Callable[[], None] = lambda: None) -> Iterator[Line]:
    """Yield the ledger's lines of a period, day by day."""
    for day in period.days:
        yield from lines_of(day)
        seen()
