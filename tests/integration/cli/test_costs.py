import csv
import io
import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest

from chalicelib.domain.push import Push
from chalicelib.models.enrolments import EnrolmentRow
from chalicelib.models.pushes import PushRow
from infra.failure import Failure
from tests.integration.cli.stage import NOW, XIAOLI_ID, Stage
from tests.integration.costs.spending import ledger, lost, spent

Captured = pytest.CaptureFixture[str]
TEA = {"account": "shop", "journey": "tea/tea", "stage": "new", "step": "greeting", "content": "tea@1/hello"}
MARCH = ("--month", "2026-03")


@pytest.fixture
def spending(stage: Stage) -> Iterator[Stage]:
    """Return the stack after some spending on two days."""
    with ledger():
        spent(NOW, 1000, {**TEA, "staff": "anna"})
        spent(NOW + timedelta(days=1), 500, {**TEA, "staff": "bo"})
        spent(NOW, 200, function="Tag")
        lost(NOW)
        yield stage


def asked(stage: Stage, capsys: Captured, *argv: str) -> Any:
    """Return what a command says to a program."""
    capsys.readouterr()
    assert stage.run("costs", *argv, "--json") == 0
    return json.loads(capsys.readouterr().out)


def shown(stage: Stage, capsys: Captured, *argv: str) -> str:
    """Return what a command says to people."""
    capsys.readouterr()
    assert stage.run("costs", *argv) == 0
    return capsys.readouterr().out


def test_costs_are_told_by_journey_with_what_is_nobodys_and_what_nobody_knows(
    spending: Stage, capsys: Captured
) -> None:
    told = asked(spending, capsys, *MARCH, "--by", "journey")

    amounts = {row["journey"]: Decimal(row["amount"]) for row in told["rows"]}
    assert set(amounts) == {"tea/tea", "(shared)", "(unattributed)"}
    assert sum(amounts.values()) == Decimal(told["total"])
    [tea] = [row for row in told["rows"] if row["journey"] == "tea/tea"]
    assert Decimal(tea["components"]["wru"]) == Decimal("0.71") * 1500 / 10**6
    assert (told["currency"], told["zone"], told["price_books"]) == ("USD", "UTC", ["2026-11-22.1"])


def test_every_way_of_asking_comes_to_the_same_total(spending: Stage, capsys: Captured) -> None:
    ways = ("day", "staff", "function", "component", "day,journey,staff", "content,step,stage,account")
    totals = {asked(spending, capsys, *MARCH, "--by", way)["total"] for way in ways}

    assert len(totals) == 1


def test_people_see_a_table_with_bars_and_what_the_numbers_are_of(spending: Stage, capsys: Captured) -> None:
    text = shown(spending, capsys, *MARCH, "--by", "journey")

    assert "costs of chaoxi-test, 2026-03-01 to 2026-03-31 (days in UTC" in text
    assert "price book 2026-11-22.1" in text
    assert re.search(r"tea/tea +0\.00\d+ +\d+\.\d% +█", text)
    assert "(shared): used on behalf of several, or of nobody in particular" in text
    assert "(unattributed): of invocations that timed out or died" in text
    assert "total 0.0" in text


def test_a_long_table_is_cut_on_the_screen_and_says_so(spending: Stage, capsys: Captured) -> None:
    assert "… and 2 more rows" in shown(spending, capsys, *MARCH, "--by", "journey", "--top", "1")


def test_only_some_values_and_some_days_can_be_asked_for(spending: Stage, capsys: Captured) -> None:
    by_staff = asked(spending, capsys, *MARCH, "--by", "staff", "--journey", "tea/tea")
    first_day = asked(spending, capsys, "--from", "2026-03-02", "--to", "2026-03-02", "--by", "staff", "--staff", "bo")

    assert [row["staff"] for row in by_staff["rows"]] == ["anna", "bo"]
    assert (first_day["rows"], first_day["total"]) == ([], "0")


def test_what_has_no_price_is_named(spending: Stage, capsys: Captured) -> None:
    text = shown(spending, capsys, *MARCH, "--by", "component")

    assert "NOT IN THESE AMOUNTS" not in text
    assert "sqs_requests" in text


def test_a_csv_is_opened_rightly_by_spreadsheets_and_keeps_every_digit(
    spending: Stage, capsys: Captured, tmp_path: Path
) -> None:
    path = tmp_path / "march.csv"
    shown(spending, capsys, *MARCH, "--by", "day,journey", "--csv", str(path))

    content = path.read_bytes()
    assert content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))
    total = asked(spending, capsys, *MARCH, "--by", "day")["total"]
    assert sum(Decimal(row["amount"]) for row in rows) == Decimal(total)
    assert {row["journey"] for row in rows} == {"tea/tea", "(shared)", "(unattributed)"}


def test_a_workbook_has_numbers_and_beside_them_the_exact_amounts(
    spending: Stage, capsys: Captured, tmp_path: Path
) -> None:
    path = tmp_path / "march.xlsx"
    shown(spending, capsys, *MARCH, "--by", "journey", "--xlsx", str(path))

    exact = {row["amount"] for row in asked(spending, capsys, *MARCH, "--by", "journey")["rows"]}
    with ZipFile(path) as book:
        texts = re.findall(r"<t[^>]*>([^<]*)</t>", book.read("xl/sharedStrings.xml").decode())
        sheet = book.read("xl/worksheets/sheet1.xml").decode()
    numbers = re.findall(r'<c r="\w+" s="\d+"><v>([^<]+)</v>', sheet)
    assert exact <= set(texts)
    assert {"journey", "amount (exact)", "days, in UTC", "2026-03-01 to 2026-03-31"} <= set(texts)
    assert {float(text) for text in exact} <= {float(number) for number in numbers}


@pytest.mark.parametrize(("argv", "says"), [
    (("--month", "2026-03", "--from", "2026-03-01"), "give --month, or --from and --to"),
    (("--from", "2026-03-02", "--to", "2026-03-01"), "give the earlier day first"),
    (("--by", "function", "--per", "reply"), "an outcome has no function"),
])
def test_a_question_without_sense_is_refused(stage: Stage, argv: tuple[str, ...], says: str) -> None:
    with pytest.raises(Failure, match=says):
        stage.run("costs", *argv)


def delivered(step: str, at: datetime, customer: str = XIAOLI_ID, state: str = "delivered") -> None:
    """A push is delivered."""
    PushRow.plan(Push.model_validate({
        "batch": f"shop/anna/tea@1/hello/{at:%d%H%M}", "member": f"{step}{customer}", "channel": "group_send",
        "customer_id": customer, "run": "tea", "stage": "new", "step": step, "rule": f"tea@1/tea/new/{step}",
        "content": "tea@1/hello", "account": "shop", "staff": "anna", "external_userid": "xiaoli", "slot": at,
        "planned_at": at, "bucket": 0, "state": state, "because": "b", "settled_at": at,
    }))


def test_costs_are_told_per_push_delivered_customer_reached_and_reply(spending: Stage, capsys: Captured) -> None:
    spending.happens("wecom.add_external_contact")
    delivered("greeting", NOW - timedelta(hours=2))
    delivered("evening", NOW - timedelta(hours=1))
    delivered("evening", NOW - timedelta(hours=1), customer="c-else")
    delivered("late", NOW, state="failed")
    spending.happens("Message Received")
    spending.happens("Message Received")

    rows = {per: asked(spending, capsys, *MARCH, "--by", "journey", "--per", per)
            for per in ("reached", "delivered", "reply")}

    [tea] = [row for row in rows["delivered"]["rows"] if row["journey"] == "tea/tea"]
    assert tea["delivered"] == 3
    assert 0 <= Decimal(tea["amount"]) / 3 - Decimal(tea["per_delivered"]) < Decimal(10) ** -18
    assert [rows[per][per] for per in rows] == [2, 3, 1]
    steps = asked(spending, capsys, *MARCH, "--by", "step", "--per", "reply")["rows"]
    assert {row["step"]: row["reply"] for row in steps if row["reply"]} == {"evening": 1}
    assert "2 reached" in shown(spending, capsys, *MARCH, "--by", "journey", "--per", "reached")


def test_a_goal_is_an_exit_for_a_reason_that_the_operator_names(spending: Stage, capsys: Captured) -> None:
    spending.happens("wecom.add_external_contact")
    delivered("greeting", NOW - timedelta(hours=1))
    run = EnrolmentRow.fetch(XIAOLI_ID, "tea")
    assert run is not None
    ended = {"version": run.version + 1, "state": "exited", "reason": "bought", "ended_at": datetime.now(UTC)}
    EnrolmentRow.store(run.model_copy(update=ended))

    goals = [asked(spending, capsys, *MARCH, "--by", "step", "--per", "goal", *more)
             for more in ((), ("--goal", "bought"), ("--goal", "unfollowed"))]

    assert [told["goal"] for told in goals] == [0, 1, 0]
    assert [row["step"] for row in goals[1]["rows"] if row["goal"]] == ["greeting"]


def test_outcomes_of_other_months_do_not_count(spending: Stage, capsys: Captured) -> None:
    delivered("greeting", NOW - timedelta(days=5))

    assert asked(spending, capsys, *MARCH, "--per", "delivered")["delivered"] == 0
    assert asked(spending, capsys, "--month", "2026-02", "--per", "delivered")["delivered"] == 1
