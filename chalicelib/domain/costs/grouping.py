"""The ledger's lines, summed by what somebody asks for."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from chalicelib.domain.pricing.line import Line
from chalicelib.metering.keys import DIMENSIONS

KEYS = ("day", *DIMENSIONS, "function", "component")
Keys = tuple[str, ...]


@dataclass(frozen=True)
class Question:
    """What costs are asked by, and of what: `only` names the values that count, by key.

    Raises ValueError for a key that the ledger does not know, one that is named twice, and for no key at all.
    """

    by: Keys
    only: Mapping[str, frozenset[str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        strangers = [name for name in (*self.by, *self.only) if name not in KEYS]
        if strangers or not self.by:
            raise ValueError(f"'{', '.join(strangers)}' is no key of the ledger: there are {', '.join(KEYS)}")
        if len(set(self.by)) < len(self.by):
            raise ValueError("a key is named twice: name each once")

    def keys_of(self, line: Line, component: str) -> Keys | None:
        """Return the row that a component of a line belongs to; None when it is not asked for."""
        if any(value_of(line, component, name) not in wanted for name, wanted in self.only.items()):
            return None
        return tuple(value_of(line, component, name) for name in self.by)


def value_of(line: Line, component: str, key: str) -> str:
    """Return a key's value of a component of a line."""
    match key:
        case "day":
            return line.day.isoformat()
        case "function":
            return line.function
        case "component":
            return component
        case _:
            return line.value(key)


@dataclass(frozen=True)
class Row:
    """A sum: `amounts` and `quantities` by component. `unpriced` are components that no price book knew."""

    keys: Keys
    amounts: Mapping[str, int] = field(default_factory=dict)
    quantities: Mapping[str, int] = field(default_factory=dict)
    unpriced: frozenset[str] = frozenset()

    @property
    def total(self) -> int:
        """Everything that has a price, in atto."""
        return sum(self.amounts.values())


@dataclass(frozen=True)
class Costs:
    """The answer: rows in the order of their keys, and the versions of the price books that were used.

    A ledger is one region's, and a region is billed in one currency, so amounts can be added.
    """

    question: Question
    currency: str
    rows: tuple[Row, ...]
    books: tuple[str, ...]

    @property
    def total(self) -> int:
        """The sum of all rows, in atto."""
        return sum(row.total for row in self.rows)

    def page(self, after: Keys | None, size: int) -> tuple[list[Row], bool]:
        """Return at most `size` rows after those with some keys (None: from the first), and whether more follow."""
        rows = [row for row in self.rows if after is None or row.keys > after]
        return rows[:size], len(rows) > size

    @property
    def unpriced(self) -> list[str]:
        """The components of which these costs say nothing."""
        return sorted(frozenset().union(*(row.unpriced for row in self.rows)))


@dataclass
class Sum:
    """A row in the making."""

    amounts: Counter[str] = field(default_factory=Counter)
    quantities: Counter[str] = field(default_factory=Counter)
    unpriced: set[str] = field(default_factory=set)

    def take(self, line: Line, component: str) -> None:
        """Add a component of a line."""
        self.quantities[component] += line.quantities.get(component, 0)
        if component in line.amounts:
            self.amounts[component] += line.amounts[component]
        else:
            self.unpriced.add(component)


def summed(lines: Iterable[Line], question: Question, currency: str) -> Costs:
    """Return the costs that lines make."""
    sums: defaultdict[Keys, Sum] = defaultdict(Sum)
    books = set()
    for line in lines:
        books.add(line.book)
        for component in {*line.amounts, *line.unpriced}:
            keys = question.keys_of(line, component)
            if keys is not None:
                sums[keys].take(line, component)
    rows = (
        Row(keys, dict(one.amounts), dict(one.quantities), frozenset(one.unpriced))
        for keys, one in sorted(sums.items(), key=lambda item: item[0])
    )
    return Costs(question, currency, tuple(rows), tuple(sorted(books)))
