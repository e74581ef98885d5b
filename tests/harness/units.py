"""What an operation of items costs, by the sizes of the items: moto's own figures are not DynamoDB's.

A unit of writing is each KB begun of the larger of the item before and after, twice in a transaction; an index takes
writes of its own when its entry changes. A unit of reading is each 4 KB begun, or half of it when the read need not
be consistent; a query's items are weighed together, a batch's one by one.
"""

from collections.abc import Iterable, Mapping, Sequence
from math import ceil
from typing import Any

Item = Mapping[str, Mapping[str, Any]]
KB = 1024


def written(before: Item | None, after: Item | None, indexes: Iterable[Sequence[str]]) -> float:
    """Return the units of one write. `indexes` are the attributes that each index holds."""
    return float(kilobytes(before, after) + sum(index_units(before or {}, after or {}, names) for names in indexes))


def kilobytes(before: Item | None, after: Item | None) -> int:
    """Return the KB begun by the larger of two items; nothing at all is one."""
    return max(1, ceil(max(size_of(before or {}), size_of(after or {})) / KB))


def index_units(before: Item, after: Item, names: Sequence[str]) -> int:
    """Return the units of one index: none for an entry that stays, two for one that moves."""
    old, new = entry(before, names), entry(after, names)
    if old == new:
        return 0
    return sum(kilobytes(None, each) for each in (old, new) if each)


def entry(item: Item, names: Sequence[str]) -> Item:
    """Return an item's entry in an index; nothing when it lacks an attribute of the index."""
    return {name: item[name] for name in names} if all(name in item for name in names) else {}


def read(items: Iterable[Item], consistent: bool) -> float:
    """Return the units of reading items together."""
    units = max(1, ceil(sum(size_of(item) for item in items) / (4 * KB)))
    return float(units) if consistent else units / 2


def size_of(item: Item) -> int:
    """Return an item's size in bytes as it is billed: names and values in UTF-8."""
    return sum(len(name.encode()) + value_size(value) for name, value in item.items())


def value_size(value: Mapping[str, Any]) -> int:
    """Return the size of one typed value."""
    [(kind, content)] = value.items()
    if kind == "S":
        return len(content.encode())
    if kind == "N":
        return len(str(content).lstrip("-").replace(".", "").strip("0")) // 2 + 2
    if kind in ("SS", "NS"):
        return sum(value_size({kind[0]: each}) for each in content)
    if kind == "L":
        return 3 + sum(1 + value_size(each) for each in content)
    if kind == "M":
        return 3 + sum(1 + len(name.encode()) + value_size(each) for name, each in content.items())
    return len(content) if kind == "B" else 1
