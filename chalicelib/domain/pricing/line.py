"""A line of the ledger: what one key used of one function on one day, and what that cost under one price book."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import groupby

from chalicelib.metering.keys import DIMENSIONS, SHARED, Key

ATTO = 10**18  # atto in one unit of a currency
SHARED_NAME = "(shared)"
UNATTRIBUTED_NAME = "(unattributed)"
# The key of a report without a usage line: a timeout, a crash. It says so in every dimension.
UNATTRIBUTED: Key = tuple((dimension, UNATTRIBUTED_NAME) for dimension in DIMENSIONS)


@dataclass(frozen=True)
class Line:
    """Totals of one day (UTC, of the report), function (logical id), price book (version) and key.

    `quantities` are by component (components.COMPONENTS) in their smallest units, `amounts` by component in atto of the
    book's currency: 10**-18. A component that has a quantity and no amount has no price in that book. `invocations` are
    those in which the key had a part: an invocation of two keys is in two lines. `records` and what is paid for once an
    invocation are shared out by wall time, in whole numbers, so lines add up to what was used.
    """

    day: date
    function: str
    book: str
    key: Key = SHARED
    quantities: Mapping[str, int] = field(default_factory=dict)
    amounts: Mapping[str, int] = field(default_factory=dict)
    invocations: int = 0
    records: int = 0

    @property
    def place(self) -> tuple[date, str, str, Key]:
        """What tells it from other lines."""
        return self.day, self.function, self.book, self.key

    @property
    def total(self) -> int:
        """Everything that has a price, in atto."""
        return sum(self.amounts.values())

    @property
    def unpriced(self) -> frozenset[str]:
        """The components that were used and have no price: the total says nothing of them."""
        return frozenset(name for name, used in self.quantities.items() if used and name not in self.amounts)

    @property
    def is_unattributed(self) -> bool:
        """Whether nobody knows on whose behalf it was used."""
        return self.key == UNATTRIBUTED

    @property
    def is_empty(self) -> bool:
        """Whether everything that was in it has been moved elsewhere."""
        return not any((*self.quantities.values(), *self.amounts.values(), self.invocations, self.records))

    def value(self, dimension: str) -> str:
        """Return the key's value in a dimension; `(shared)` where it has none, `(unattributed)` where nobody knows."""
        return dict(self.key).get(dimension, SHARED_NAME)

    def __neg__(self) -> "Line":
        return replace(
            self,
            quantities={name: -used for name, used in self.quantities.items()},
            amounts={name: -paid for name, paid in self.amounts.items()},
            invocations=-self.invocations,
            records=-self.records,
        )

    def __add__(self, other: "Line") -> "Line":
        return replace(
            self,
            quantities=total_of((self.quantities, other.quantities)),
            amounts=total_of((self.amounts, other.amounts)),
            invocations=self.invocations + other.invocations,
            records=self.records + other.records,
        )


def total_of(parts: Iterable[Mapping[str, int]]) -> dict[str, int]:
    """Return the sums by name; a name stays that sums to nothing."""
    totals: dict[str, int] = {}
    for part in parts:
        for name, number in part.items():
            totals[name] = totals.get(name, 0) + number
    return totals


def merged(lines: Iterable[Line]) -> Iterator[Line]:
    """Yield one line for each place, in order of place; lines that came to nothing are left out."""
    for _, alike in groupby(sorted(lines, key=lambda line: line.place), key=lambda line: line.place):
        first, *others = alike
        line = sum(others, start=first)
        if not line.is_empty:
            yield line
