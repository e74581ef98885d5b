"""`costs`: what was spent, as a table with bars, as a file, or for a program."""

from argparse import Namespace
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime

from chalicelib.domain.costs.grouping import Costs, Keys, Question, Row
from chalicelib.domain.costs.money import divided, exact, rounded
from chalicelib.domain.costs.outcomes import KEYS, Outcome, counted
from chalicelib.domain.costs.period import Period, month_called
from chalicelib.domain.costs.table import record_of
from chalicelib.domain.pricing.book import currency_of
from chalicelib.domain.pricing.line import SHARED_NAME, UNATTRIBUTED_NAME
from chalicelib.models.audits import rows_to_read
from chalicelib.models.behaviours import BehaviourRow
from chalicelib.services.count_outcomes import count_outcomes
from chalicelib.services.read_costs import read_costs
from infra.cli.bars import bar
from infra.cli.connect import Connection
from infra.cli.cost_files import write_csv, write_xlsx
from infra.cli.cost_parser import FILTERS
from infra.cli.screen import progress, say, say_json, show_table
from infra.failure import Failure

NOTES = {
    SHARED_NAME: f"{SHARED_NAME}: used on behalf of several, or of nobody in particular",
    UNATTRIBUTED_NAME: f"{UNATTRIBUTED_NAME}: of invocations that timed out or died before they said for whom",
}


@dataclass(frozen=True)
class Answer:
    """Costs of a period and, where they were asked for, how often an outcome came about in each row and in all."""

    stack: str
    period: Period
    costs: Costs
    outcome: Outcome | None
    counts: Mapping[Keys, int]
    count: int

    @property
    def rows(self) -> list[Row]:
        """Every row: also where something came about that cost nothing in this period."""
        known = {row.keys: row for row in self.costs.rows}
        return [known.get(keys) or Row(keys) for keys in sorted(known.keys() | self.counts.keys())]

    def per(self, amount: int, number: int) -> int | None:
        """Return what one outcome cost; None where there was none."""
        return divided(amount, number) if number else None


def run(chosen: Namespace, connection: Connection) -> int:
    """Read, and print or write."""
    answer = asked(chosen, connection, datetime.now(UTC))
    if chosen.csv or chosen.xlsx:
        write = write_csv if chosen.csv else write_xlsx
        write(chosen.csv or chosen.xlsx, answer)
        say(f"wrote {len(answer.rows)} rows to {chosen.csv or chosen.xlsx}")
    elif chosen.json:
        say_json(told(answer))
    else:
        show(answer, chosen.top)
    return 0


def asked(chosen: Namespace, connection: Connection, now: datetime) -> Answer:
    """Return the answer to a command line."""
    period, question = period_of(chosen, now.date()), question_of(chosen)
    with progress("reading the ledger", len(list(period.days)), is_quiet=chosen.json) as seen:
        costs = read_costs(period, question, currency_of(connection.region), seen)
    if not chosen.per:
        return Answer(connection.stack, period, costs, None, {}, 0)
    with progress("counting outcomes", rows_to_read(BehaviourRow), is_quiet=chosen.json) as seen:
        events = count_outcomes(period, frozenset({chosen.per}), frozenset(chosen.goal), seen)
    mine = {name: [event for event in found if event.is_among(question.only)] for name, found in events.items()}
    counts, whole = counted(mine, chosen.per, question.by), counted(mine, chosen.per, ())
    return Answer(connection.stack, period, costs, chosen.per, counts, whole.get((), 0))


def period_of(chosen: Namespace, today: date) -> Period:
    """Return the days that are asked for: this month so far, unless said. Raises Failure for two ways at once."""
    if chosen.month and (chosen.first or chosen.last):
        raise Failure("give --month, or --from and --to")
    try:
        return month_called(chosen.month) if chosen.month else span(chosen.first, chosen.last, today)
    except ValueError as error:
        raise Failure(str(error)) from None


def span(first: date | None, last: date | None, today: date) -> Period:
    """Return a span whose ends may be left out."""
    last = last or today
    return Period(first or last.replace(day=1), last)


def question_of(chosen: Namespace) -> Question:
    """Return what is asked. Raises Failure for outcomes by what an outcome has not."""
    only = {name: frozenset(getattr(chosen, name)) for name in FILTERS if getattr(chosen, name)}
    question = Question(tuple(chosen.by), only)
    strangers = {*question.by, *only} - set(KEYS)
    if chosen.per and strangers:
        raise Failure(f"--per goes with {', '.join(KEYS)}: an outcome has no {' and no '.join(sorted(strangers))}")
    return question


def told(answer: Answer) -> dict[str, object]:
    """Return the answer for a program."""
    return {
        "stack": answer.stack,
        "from": answer.period.first,
        "to": answer.period.last,
        "zone": "UTC",
        "currency": answer.costs.currency,
        "price_books": answer.costs.books,
        "rows": [{**record_of(row, answer.costs), **per_row(answer, row)} for row in answer.rows],
        "total": exact(answer.costs.total),
        "unpriced": answer.costs.unpriced,
        **({answer.outcome: answer.count} if answer.outcome else {}),
    }


def per_row(answer: Answer, row: Row) -> dict[str, object]:
    """Return what a row says of the outcome."""
    if answer.outcome is None:
        return {}
    number = answer.counts.get(row.keys, 0)
    per = answer.per(row.total, number)
    return {answer.outcome: number, f"per_{answer.outcome}": None if per is None else exact(per)}


def show(answer: Answer, top: int) -> None:
    """Print the table: the largest first, unless it is by day."""
    costs = answer.costs
    rows = answer.rows if costs.question.by[0] == "day" else sorted(answer.rows, key=lambda row: -row.total)
    largest = max((row.total for row in rows), default=0)
    per = [answer.outcome, f"{costs.currency} per {answer.outcome}"] if answer.outcome else []
    heads = (*costs.question.by, costs.currency, "share", *map(str, per), "")
    show_table(title(answer), heads, [line(answer, row, largest) for row in rows[:top]])
    for text in notes(answer, rows[top:]):
        say(text)
    say(f"total {rounded(costs.total)} {costs.currency}{whole(answer)}", style="bold")


def line(answer: Answer, row: Row, largest: int) -> tuple[str, ...]:
    """Return a row as it is shown."""
    share = f"{row.total / answer.costs.total:.1%}" if answer.costs.total else "-"
    return (*row.keys, rounded(row.total), share, *outcome_cells(answer, row), bar(row.total, largest))


def outcome_cells(answer: Answer, row: Row) -> tuple[str, ...]:
    """Return how often the outcome came about in a row, and what one cost."""
    if answer.outcome is None:
        return ()
    number = answer.counts.get(row.keys, 0)
    per = answer.per(row.total, number)
    return str(number), "-" if per is None else rounded(per)


def whole(answer: Answer) -> str:
    """Return what the total says of the outcome."""
    per = answer.per(answer.costs.total, answer.count)
    if answer.outcome is None:
        return ""
    return f", {answer.count} {answer.outcome}" + ("" if per is None else f", {rounded(per)} each")


def title(answer: Answer) -> str:
    """Return what the table is of. Days are UTC's: the line says when one begins by the clock of this machine."""
    begins = answer.period.begins_at.astimezone()
    local = f", {begins:%H:%M} to {begins:%H:%M} by this machine's clock" if begins.utcoffset() else ""
    books = ", ".join(answer.costs.books) or "none yet"
    return f"costs of {answer.stack}, {answer.period} (days in UTC{local}), price book {books}"


def notes(answer: Answer, hidden: list[Row]) -> list[str]:
    """Return what has to be said below the table."""
    rows = answer.rows
    found = [text for name, text in NOTES.items() if any(name in row.keys for row in rows)]
    if hidden:
        found.append(f"… and {len(hidden)} more rows, {rounded(sum(row.total for row in hidden))}: --top, or export")
    if answer.costs.unpriced:
        found.append(f"NOT IN THESE AMOUNTS, for the price book has no price: {', '.join(answer.costs.unpriced)}")
    return found
