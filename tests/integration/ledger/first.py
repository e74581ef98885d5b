"""What the ledger says, in the form in which the second one says it."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from chalicelib.models import ledger
from tests.integration.ledger.second import Second

Totals = dict[Any, int]


def first(days: Iterable[date]) -> tuple[Totals, Totals]:
    """Return quantities and amounts by (day, function, key, component), without what came to nothing."""
    used: Totals = {}
    paid: Totals = {}
    for line in (line for day in days for line in ledger.lines_of(day)):
        used |= {(line.day, line.function, line.key, name): number for name, number in line.quantities.items()}
        paid |= {(line.day, line.function, line.key, name): number for name, number in line.amounts.items()}
    return without_nothing(used), without_nothing(paid)


def second(found: Second) -> tuple[Totals, Totals]:
    """Return the same of the second one."""
    return without_nothing(found.used), without_nothing(found.paid)


def without_nothing(totals: Totals) -> Totals:
    """Return what is not 0."""
    return {place: number for place, number in totals.items() if number}


def days_of(found: Second) -> set[date]:
    """Return the days that have anything."""
    return {place[0] for place in found.used}
