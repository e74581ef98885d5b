"""`true-up`: what the ledger says beside what AWS billed."""

from argparse import Namespace
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from chalicelib.domain.costs.bill import BillError, plain_name
from chalicelib.domain.costs.grouping import Question
from chalicelib.domain.costs.money import exact, rounded
from chalicelib.domain.costs.period import Period, month_called
from chalicelib.domain.costs.true_up import STACK_TAG, Bill, Compared, Scope, compared
from chalicelib.domain.pricing.book import currency_of
from chalicelib.services.read_costs import read_costs
from infra.cli.connect import Connection
from infra.cli.screen import progress_of, say, say_json, show_table
from infra.cur_file import charges_in
from infra.failure import Failure

SHOWN = 12


def run(chosen: Namespace, connection: Connection) -> int:
    """Read the report, read the ledger, print both."""
    month = month_called(chosen.month or last_month(datetime.now(UTC)))
    account = chosen.account or connection.client("sts").get_caller_identity()["Account"]
    scope = Scope(month, currency_of(connection.region), account, tag_of(chosen.tag, connection.stack))
    bill = read_bill(chosen.file, scope, is_quiet=chosen.json)
    modelled = modelled_in(month, scope.currency)
    rows = compared(modelled, bill.counted)
    say_json(told(bill, rows, modelled)) if chosen.json else show(bill, rows)
    return 0


def last_month(now: datetime) -> str:
    """Return the month before this one: AWS has billed it."""
    return f"{now.replace(day=1) - timedelta(days=1):%Y-%m}"


def tag_of(written: str | None, stack: str) -> tuple[str, str]:
    """Return the tag by which a stack's lines are known. Raises Failure for what is none."""
    if not written:
        return STACK_TAG, stack
    name, equals, value = written.partition("=")
    if not (name and equals and value):
        raise Failure(f"'{written}' is no tag: write KEY=VALUE, e.g. user:project=chaoxi")
    return plain_name(name), value


def read_bill(path: Path, scope: Scope, is_quiet: bool) -> Bill:
    """Read a report. Raises Failure when it is not of the scope, with what to do."""
    bill = Bill(scope)
    try:
        with progress_of("reading the report", size_of(path), is_quiet) as advance:
            for charge in charges_in(path, advance):
                bill.take(charge)
        bill.check()
    except BillError as error:
        raise Failure(f"{path}: {error}") from None
    return bill


def size_of(path: Path) -> int:
    """Return a file's size. Raises Failure for one that is not there."""
    try:
        return path.stat().st_size
    except OSError as error:
        raise Failure(f"{path}: cannot be read: {error.strerror}") from None


def modelled_in(month: Period, currency: str) -> Counter[str]:
    """Return what the ledger says of a month, by component."""
    costs = read_costs(month, Question(("component",)), currency)
    return Counter({row.keys[0]: row.total for row in costs.rows})


def told(bill: Bill, rows: list[Compared], modelled: Counter[str]) -> dict[str, Any]:
    """Return the comparison for a program."""
    return {
        "month": f"{bill.scope.month.first:%Y-%m}",
        "currency": bill.scope.currency,
        "account": bill.scope.account,
        "by_tag": bill.is_by_tag,
        "services": [
            {"service": row.service, "modelled": exact(row.modelled), "billed": exact(row.billed),
             "difference": exact(row.difference), "ratio": row.ratio}
            for row in rows
        ],
        "modelled": {name: exact(paid) for name, paid in sorted(modelled.items())},
        "billed": {name: exact(paid) for name, paid in sorted(bill.counted.items())},
        "beside_the_ledger": {name: exact(paid) for name, paid in sorted(bill.beside.items())},
        "charges": bill.charges,
        "charges_of_the_month": bill.taken,
    }


def show(bill: Bill, rows: list[Compared]) -> None:
    """Print the comparison."""
    currency = bill.scope.currency
    whole = Compared("all of these", sum(row.modelled for row in rows), sum(row.billed for row in rows))
    heads = ("service", f"modelled ({currency})", f"billed ({currency})", "difference", "modelled / billed")
    show_table(f"{bill.scope.month}, account {bill.scope.account}", heads, [cells(row) for row in [*rows, whole]])
    for text in notes(bill):
        say(text)


def cells(row: Compared) -> tuple[str, ...]:
    """Return a service as a row of the table."""
    ratio = "-" if row.ratio is None else f"{row.ratio:.3f}"
    return row.service, rounded(row.modelled), rounded(row.billed), rounded(row.difference), ratio


def notes(bill: Bill) -> list[str]:
    """Return what has to be said below the table."""
    name, value = bill.scope.tag
    own = f"billed: the lines tagged {name}={value}" if bill.is_by_tag else (
        f"billed: everything of the account, for no line is tagged {name}: activate it as a cost allocation tag")
    left = bill.charges - bill.taken
    untagged = sum(bill.untagged.values()) if bill.is_by_tag else 0
    beside = [(paid, what) for what, paid in bill.beside.items() if paid]
    return [
        own,
        *([f"left out: {left} lines of other months or accounts"] if left else []),
        *([f"left out: {rounded(untagged)} of the same services without the tag"] if untagged else []),
        *([f"beside the ledger, which books use alone: {rounded(sum(paid for paid, _ in beside))}"] if beside else []),
        *(f"  {rounded(paid)}  {what}" for paid, what in sorted(beside, key=lambda one: -abs(one[0]))[:SHOWN]),
        "the ledger has list prices: free tiers, discounts and tiers of price are the bill's",
    ]
