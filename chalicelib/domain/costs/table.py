"""Costs as rows of text: for spreadsheets and for programs. Amounts are exact decimals."""

import csv
from collections.abc import Iterable, Sequence
from io import StringIO
from typing import Any

from chalicelib.domain.costs.grouping import Costs, Row
from chalicelib.domain.costs.money import exact

MARK = "\N{ZERO WIDTH NO-BREAK SPACE}"  # by which Excel knows UTF-8, and so Chinese
FORMULA = ("=", "+", "-", "@", "\t", "\r")


def record_of(row: Row, costs: Costs) -> dict[str, Any]:
    """Return a row for a program: its keys by name, the amount, its components, and what has no price."""
    return {
        **dict(zip(costs.question.by, row.keys, strict=True)),
        "amount": exact(row.total),
        "components": {name: exact(paid) for name, paid in sorted(row.amounts.items())},
        "unpriced": sorted(row.unpriced),
    }


def heads_of(costs: Costs) -> list[str]:
    """Return the heads of a table: the keys, the currency, the amount, what has no price, then each component."""
    return [*costs.question.by, "currency", "amount", "unpriced", *components_of(costs)]


def cells_of(row: Row, costs: Costs) -> list[str]:
    """Return a row's cells under those heads."""
    paid = [exact(row.amounts[name]) if name in row.amounts else "" for name in components_of(costs)]
    return [*row.keys, costs.currency, exact(row.total), " ".join(sorted(row.unpriced)), *paid]


def components_of(costs: Costs) -> list[str]:
    """Return the components that any row has paid for; none when they are rows themselves."""
    if "component" in costs.question.by:
        return []
    return sorted({name for row in costs.rows for name in row.amounts})


def csv_of(heads: Sequence[str], rows: Iterable[Sequence[str]], keys: int) -> str:
    """Return a table as CSV that spreadsheets open rightly. The first `keys` cells of a row are names, not numbers."""
    text = StringIO()
    text.write(MARK)
    writer = csv.writer(text)
    writer.writerow(heads)
    writer.writerows([*map(harmless, row[:keys]), *row[keys:]] for row in rows)
    return text.getvalue()


def harmless(name: str) -> str:
    """Return a name so that no spreadsheet takes it for a formula."""
    return f"'{name}" if name.startswith(FORMULA) else name
