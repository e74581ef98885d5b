"""`GET /v1/costs`, as an integrator meets it."""

import csv
import io
import json
from base64 import b64encode
from datetime import datetime, timedelta
from decimal import Decimal

import pytest

from chalicelib.handlers import costs_http
from chalicelib.handlers.answer import Answer
from chalicelib.models.write_keys import READ
from chalicelib.schemas.costs_query import cursor_after
from chalicelib.services.rotate_write_key import rotate_write_key
from tests.integration.costs.spending import spent

MONTH = {"from": "2026-11-01", "to": "2026-11-30", "by": "journey,day"}


def ask(key: str, query: dict[str, str] | None = None) -> Answer:
    """Ask with a key."""
    header = f"Basic {b64encode(f'{key}:'.encode()).decode()}"
    return costs_http.receive({"authorization": header}, MONTH if query is None else query)


@pytest.fixture
def key(tables: datetime) -> str:
    """Return a read key of finance, after some spending."""
    for number in range(3):
        spent(tables + timedelta(days=number), 1000, {"journey": "consultation/tea", "staff": f"s{number}"})
    spent(tables, 10, {"journey": "回访/老客"})
    return rotate_write_key("finance", tables, kind=READ)


def test_a_program_gets_rows_with_exact_amounts_and_their_sum(key: str) -> None:
    answer = ask(key)
    told = json.loads(answer.body)

    assert (answer.status, told["currency"], told["zone"], told["next"]) == (200, "USD", "UTC", None)
    assert [(row["journey"], row["day"]) for row in told["rows"]] == [
        ("consultation/tea", "2026-11-22"), ("consultation/tea", "2026-11-23"), ("consultation/tea", "2026-11-24"),
        ("回访/老客", "2026-11-22"),
    ]
    assert sum(Decimal(row["amount"]) for row in told["rows"]) == Decimal(told["total"])
    assert all(sum(map(Decimal, row["components"].values())) == Decimal(row["amount"]) for row in told["rows"])


def test_a_spreadsheet_gets_csv(key: str) -> None:
    answer = ask(key, {**MONTH, "format": "csv"})

    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    rows = list(csv.DictReader(io.StringIO(answer.body.removeprefix("\ufeff"))))
    assert [row["journey"] for row in rows][-1] == "回访/老客"
    assert rows[0]["currency"] == "USD"


def test_a_cursor_goes_on_after_its_row(key: str) -> None:
    cursor = cursor_after(("consultation/tea", "2026-11-23"))
    told = json.loads(ask(key, {**MONTH, "cursor": cursor}).body)

    assert [(row["journey"], row["day"]) for row in told["rows"]] == [
        ("consultation/tea", "2026-11-24"), ("回访/老客", "2026-11-22"),
    ]
    assert told["total"] == json.loads(ask(key).body)["total"]


def test_only_some_values_are_asked_for(key: str) -> None:
    told = json.loads(ask(key, {**MONTH, "by": "staff", "journey": "consultation/tea"}).body)

    assert [row["staff"] for row in told["rows"]] == ["s0", "s1", "s2"]


@pytest.mark.parametrize(("changes", "field", "says"), [
    ({"from": "yesterday"}, "from", "write a day in UTC, such as 2026-11-22"),
    ({"to": ""}, "to", "write a day in UTC"),
    ({"to": "2026-10-31"}, "to", "at most 92 days in all"),
    ({"to": "2027-02-01"}, "to", "at most 92 days in all"),
    ({"by": ""}, "by", "is no key of the ledger: there are day, account"),
    ({"by": "campaign"}, "by", "'campaign' is no key of the ledger"),
    ({"by": "day,day"}, "by", "named twice"),
    ({"format": "pdf"}, "format", "write json or csv"),
    ({"cursor": "%%%"}, "cursor", "write the `next` of the answer before"),
    ({"cursor": "WyJ0ZWEiXQ=="}, "cursor", "with the same `by`"),
    ({"journy": "tea"}, "journy", "there is no such parameter"),
])
def test_a_wrong_question_names_its_field(key: str, changes: dict[str, str], field: str, says: str) -> None:
    answer = ask(key, {**MONTH, **changes})

    told = json.loads(answer.body)
    assert (answer.status, told["code"], told["field"]) == (400, "invalid_query", field)
    assert says in told["message"]


def test_nobody_reads_without_a_read_key(key: str, tables: datetime) -> None:
    write_key = rotate_write_key("finance", tables)
    strangers = [ask(each) for each in ("", "finance", "finance.wrong", "nobody.wrong", write_key)]
    strangers += [costs_http.receive(headers, MONTH) for headers in ({}, {"Authorization": f"Bearer {key}"})]

    assert {answer.status for answer in strangers} == {401}
    assert {json.loads(answer.body)["message"] for answer in strangers} == {"the read key is missing or not valid"}


def test_without_a_key_nothing_is_said_about_the_question(tables: datetime) -> None:
    assert ask("finance.wrong", {"by": "campaign"}).status == 401
