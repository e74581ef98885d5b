from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from chalicelib.domain.costs.bill import BillError, plain_name
from chalicelib.domain.costs.money import atto_of, exact
from chalicelib.domain.costs.period import month_called
from chalicelib.domain.costs.true_up import STACK_TAG, Bill, Scope, compared
from infra.cur_file import charges_in
from infra.failure import Failure
from tests.unit.costs.reports import FOLDER

FORMS = ("legacy.csv", "legacy.csv.gz", "legacy.zip", "cur2.csv.gz", "cur2.parquet")
OURS = ("123456789012", (STACK_TAG, "chaoxi-test"))


def scope(month: str = "2026-11", currency: str = "USD", account: str = OURS[0],
          tag: tuple[str, str] = OURS[1]) -> Scope:
    """Return what a bill must be of."""
    return Scope(month_called(month), currency, account, tag)


def read(path: Path, wanted: Scope) -> Bill:
    """Return a bill that is read to its end."""
    bill = Bill(wanted)
    for charge in charges_in(path, lambda _: None):
        bill.take(charge)
    bill.check()
    return bill


@pytest.mark.parametrize("name", FORMS)
def test_every_form_of_a_report_says_the_same_of_a_stack(name: str) -> None:
    bill = read(FOLDER / name, scope())

    assert {component: exact(cost) for component, cost in bill.counted.items()} == {
        "lambda_mb_ms": "0.04",
        "lambda_requests": "0.004",
        "wru": "0.142",
        "rru": "0.000000285",
        "sqs_requests": "0.09",
        "scheduler_invocations": "0.05",
        "api_requests": "0.0425",
        "log_bytes": "0.035",
    }
    assert (bill.is_by_tag, bill.charges, bill.taken) == (True, 19, 17)
    assert exact(bill.untagged["data_out_bytes"]) == "0.0012"
    assert {what: exact(cost) for what, cost in bill.beside.items()} == {
        "AmazonDynamoDB APS1-TimedStorage-ByteHrs": "0.057",
        "AmazonDynamoDB APS1-TimedPITRStorage-ByteHrs": "0.0456",
        "AmazonCloudWatch APS1-CW:AlarmMonitorUsage": "4.4",
        "AmazonEC2 APS1-NatGateway-Hours": "43.07",
        "Tax": "3.33",
    }


def test_without_a_line_of_the_stacks_tag_everything_untagged_of_the_account_counts() -> None:
    bill = read(FOLDER / "legacy.csv", scope(tag=("user_team", "tea")))

    assert not bill.is_by_tag
    assert exact(bill.counted["lambda_requests"]) == "7.504"


def test_another_tag_may_tell_the_stack() -> None:
    assert plain_name("user:Project") == "user_project"
    assert exact(read(FOLDER / "cur2.parquet", scope(tag=("user_project", "tea"))).tagged["lambda_requests"]) == "7.504"


@pytest.mark.parametrize(("wanted", "says"), [
    (scope("2026-12"), "it is of 2026-10, 2026-11, not of 2026-12: take the report of that month, or compare with"),
    (scope(account="111111111111"), "it is of account 123456789012, 999999999999, and the stack runs in 111111111111"),
    (scope(currency="CNY"), "it is in USD, and the ledger in CNY: take the report of the account"),
])
def test_a_report_of_something_else_is_refused_with_what_to_do(wanted: Scope, says: str) -> None:
    with pytest.raises(BillError, match=says):
        read(FOLDER / "legacy.csv", wanted)


def test_services_are_compared_by_what_both_sides_know() -> None:
    modelled = {"lambda_mb_ms": atto_of("0.03"), "wru": atto_of("0.142"), "wecom_calls": 0}
    rows = {row.service: row for row in compared(modelled, {"lambda_mb_ms": atto_of("0.04"), "wru": atto_of("0.142")})}

    assert set(rows) == {"Lambda", "DynamoDB"}
    assert (exact(rows["Lambda"].difference), rows["Lambda"].ratio) == ("-0.01", 0.75)
    assert (rows["DynamoDB"].difference, rows["DynamoDB"].ratio) == (0, 1.0)


def test_a_service_that_was_not_billed_has_no_ratio() -> None:
    [row] = compared({"sqs_requests": 5}, {})

    assert (row.service, row.ratio) == ("SQS", None)


HEAD = (FOLDER / "legacy.csv").read_text().splitlines()[0]
ROW = (FOLDER / "legacy.csv").read_text().splitlines()[1]


@pytest.mark.parametrize(("name", "content", "says"), [
    ("a.csv", b"name,amount\nx,1\n", "no Cost and Usage Report: it has no column line_item_usage_start_date"),
    ("a.csv", f"{HEAD}\n{ROW}\n{ROW[:60]}\n".encode(), "row 2 has not the cells of the head: the file was cut off"),
    ("a.csv", f"{HEAD}\n{ROW.replace('0.0213334400', 'much')}\n".encode(), "row 1: 'much' is no amount of money"),
    ("a.csv", f"{HEAD}\n{ROW.replace('2026-11-01T', '2026-13-01T')}\n".encode(), "row 1: .* is no time of usage"),
    ("a.csv", b"\xff\xfe\x00", "cannot be read .*download the report again"),
    ("a.csv.gz", (FOLDER / "legacy.csv.gz").read_bytes()[:300], "cannot be read .*download the report again"),
    ("a.csv.gz", b"no gzip at all", "cannot be read .*download the report again"),
    ("a.zip", b"no archive", "cannot be read .*download the report again"),
    ("a.parquet", b"PAR1 and nothing more", "cannot be read .*download the report again"),
    ("a.pdf", b"%PDF", "a report ends in .csv, .csv.gz, .zip or .parquet"),
], ids=range(10))
def test_a_file_that_is_no_report_is_refused(tmp_path: Path, name: str, content: bytes, says: str) -> None:
    path = tmp_path / name
    path.write_bytes(content)

    with pytest.raises(Failure, match=rf"{name}.*{says}"):
        list(charges_in(path, lambda _: None))


def test_progress_is_told_in_bytes_of_the_file() -> None:
    heard: list[int] = []
    tell: Callable[[int], None] = heard.append
    for name in ("legacy.csv", "cur2.parquet"):
        heard.clear()
        list(charges_in(FOLDER / name, tell))
        assert sum(heard) == (FOLDER / name).stat().st_size


def test_days_are_utcs() -> None:
    first = next(charges_in(FOLDER / "cur2.parquet", lambda _: None))

    assert (first.at.date(), str(first.at.tzinfo)) == (date(2026, 11, 1), "UTC")
