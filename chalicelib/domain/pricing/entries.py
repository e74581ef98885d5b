"""Where the ledger's numbers stand in its table: an address, and numbers that are added up there.

Day lines stand at `day/2026-11-22/{shard}` by function, book and key, dedup counts at `duplicates/2026-11-22/{shard}`
by kind. A shard is chosen by the log stream, so that functions that run side by side seldom write the same row.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime

from chalicelib.domain.pricing.components import COMPONENTS
from chalicelib.domain.pricing.facts import Inputs
from chalicelib.domain.pricing.line import Line, total_of
from chalicelib.metering.keys import DIMENSIONS, key_of

SHARDS = 8
USED, PAID = "q_", "a_"
BAR = "|"  # parts two values
ESCAPES = (("%", "%25"), (BAR, "%7C"), ("\n", "%0A"))
Numbers = Mapping[str, int]


@dataclass(frozen=True, order=True)
class Address:
    """A row of the ledger's table."""

    period: str
    line: str

    def __str__(self) -> str:
        return f"{self.period}\n{self.line}"

    @classmethod
    def read(cls, text: str) -> "Address":
        """Return the address that was written as text."""
        period, _, line = text.partition("\n")
        return cls(period, line)


@dataclass(frozen=True)
class Entry:
    """What is added to a row. `sample` are keys of duplicates, of which the latest are kept."""

    numbers: Numbers
    sample: tuple[str, ...] = ()


Entries = dict[Address, Entry]


def address_of(line: Line, shard: int) -> Address:
    """Return where a line stands."""
    named = dict(line.key)
    parts = (line.function, line.book, *(named.get(dimension, "") for dimension in DIMENSIONS))
    return Address(f"day/{line.day}/{shard}", BAR.join(map(escaped, parts)))


def escaped(value: str) -> str:
    """Return a value without what parts values."""
    for sign, escape in ESCAPES:
        value = value.replace(sign, escape)
    return value


def unescaped(text: str) -> str:
    """Return the value that was escaped."""
    for sign, escape in reversed(ESCAPES):
        text = text.replace(escape, sign)
    return text


def numbers_of(line: Line) -> dict[str, int]:
    """Return a line's numbers by the names that they have in its row."""
    return {
        "invocations": line.invocations,
        "records": line.records,
        **{f"{USED}{name}": used for name, used in line.quantities.items()},
        **{f"{PAID}{name}": paid for name, paid in line.amounts.items()},
    }


def line_at(address: Address, numbers: Numbers) -> Line:
    """Return the line that stands somewhere."""
    function, book, *values = map(unescaped, address.line.split(BAR))
    return Line(
        day=date.fromisoformat(address.period.split("/")[1]),
        function=function,
        book=book,
        key=key_of(**dict(zip(DIMENSIONS, values, strict=True))),
        quantities={name: numbers[f"{USED}{name}"] for name in COMPONENTS if f"{USED}{name}" in numbers},
        amounts={name: numbers[f"{PAID}{name}"] for name in COMPONENTS if f"{PAID}{name}" in numbers},
        invocations=numbers["invocations"],
        records=numbers["records"],
    )


def periods_of(kind: str, day: date) -> list[str]:
    """Return the partitions of a day; `kind` is `day` or `duplicates`."""
    return [f"{kind}/{day}/{shard}" for shard in range(SHARDS)]


def entries_of(lines: Iterable[tuple[int, Line]]) -> Entries:
    """Return lines with their shards as entries; two at one address are one."""
    found: dict[Address, list[Numbers]] = {}
    for shard, line in lines:
        found.setdefault(address_of(line, shard), []).append(numbers_of(line))
    return {address: Entry(total_of(numbers)) for address, numbers in found.items()}


def entry_of(inputs: Inputs) -> Entry:
    """Return the dedup counts of one kind."""
    return Entry({"taken": inputs.taken, "dropped": inputs.dropped}, inputs.keys)


def inputs_address(kind: str, at: int, shard: int) -> Address:
    """Return where a kind's dedup counts of an instant (milliseconds since 1970) stand."""
    return Address(f"duplicates/{datetime.fromtimestamp(at / 1000, UTC).date()}/{shard}", kind)


def summed(many: Iterable[Entries]) -> Entries:
    """Return entries added up; of the samples the last stays."""
    total: Entries = {}
    for entries in many:
        for address, entry in entries.items():
            known = total.get(address, Entry({}))
            total[address] = Entry(total_of((known.numbers, entry.numbers)), entry.sample or known.sample)
    return total
