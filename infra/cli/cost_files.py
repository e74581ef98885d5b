"""Costs as files: CSV for everything, XLSX for people. Every amount is there as an exact decimal text."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from xlsxwriter import Workbook

from chalicelib.domain.costs.money import exact
from chalicelib.domain.costs.table import cells_of, csv_of, heads_of

if TYPE_CHECKING:
    from infra.cli.costs import Answer

WIDEST = 60
NUMBER = "#,##0.000000"
Table = tuple[list[str], list[list[str]]]


def write_csv(path: Path, answer: "Answer") -> None:
    """Write a table as CSV."""
    heads, rows = table_of(answer)
    path.write_text(csv_of(heads, rows, keys=len(answer.costs.question.by)), encoding="utf-8", newline="")


def write_xlsx(path: Path, answer: "Answer") -> None:
    """Write a workbook: the rows, and what they are of. Numbers have 15 digits, so the last column is exact text."""
    heads, rows = table_of(answer)
    texts, amount = {*answer.costs.question.by, "currency", "unpriced"}, heads.index("amount")
    with Workbook(path, {"in_memory": True}) as book:
        sheet = book.add_worksheet("costs")
        fill(sheet, [*heads, "amount (exact)"], [[*row, row[amount]] for row in rows], book.add_format({"bold": True}))
        for column, head in enumerate(heads):
            if head not in texts:
                numbers(sheet, column, [row[column] for row in rows], book.add_format({"num_format": NUMBER}))
        about = book.add_worksheet("about")
        fill(about, ["costs of", answer.stack], [list(fact) for fact in facts(answer)], book.add_format({"bold": True}))


def table_of(answer: "Answer") -> Table:
    """Return the heads and the rows of a table, each cell as text."""
    costs, outcome = answer.costs, answer.outcome
    heads = [*heads_of(costs), *([outcome, f"per {outcome}"] if outcome else [])]
    return heads, [[*cells_of(row, costs), *outcome_of(answer, row)] for row in answer.rows]


def outcome_of(answer: "Answer", row: Any) -> list[str]:
    """Return how often the outcome came about in a row, and what one cost."""
    if answer.outcome is None:
        return []
    number = answer.counts.get(row.keys, 0)
    per = answer.per(row.total, number)
    return [str(number), "" if per is None else exact(per)]


def facts(answer: "Answer") -> list[tuple[str, str]]:
    """Return what the rows are of."""
    costs = answer.costs
    return [
        ("days, in UTC", str(answer.period)),
        ("currency", costs.currency),
        ("price book", ", ".join(costs.books)),
        ("total (exact)", exact(costs.total)),
        ("not in it, for lack of a price", ", ".join(costs.unpriced)),
        *([(answer.outcome, str(answer.count))] if answer.outcome else []),
    ]


def fill(sheet: Any, heads: Sequence[str], rows: Sequence[Sequence[str]], bold: Any) -> None:
    """Write a table of texts with its heads, each column as wide as its widest cell."""
    for column, head in enumerate(heads):
        sheet.write_string(0, column, head, bold)
        sheet.set_column(column, column, min(WIDEST, max(len(row[column]) for row in [heads, *rows]) + 2))
        for number, row in enumerate(rows, start=1):
            sheet.write_string(number, column, row[column])
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, max(1, len(rows)), len(heads) - 1)


def numbers(sheet: Any, column: int, cells: Sequence[str], money: Any) -> None:
    """Write a column's numbers over its texts."""
    for number, text in enumerate(cells, start=1):
        if text:
            sheet.write_number(number, column, float(text), money)
