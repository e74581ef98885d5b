"""Usage lines and reports come in any order and batches, twice, late or never: the sum is that of the reports."""

import json
from collections.abc import Iterable
from datetime import date
from itertools import permutations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chalicelib.handlers import usage_logs
from chalicelib.models import ledger
from chalicelib.services import read_price_books
from tests.integration.ledger.fast_ledger import fast_ledger
from tests.integration.ledger.first import first, second
from tests.integration.ledger.raw import Line, event_of
from tests.integration.ledger.second import Second

AT = 1_795_300_000_000
DAY = date(2026, 11, 21)
STREAM = "2026/11/21/[$LATEST]a"


def usage(request_id: str, at: int, wall: int = 10, **more: object) -> Line:
    """Return a usage line of one key and the shared one."""
    key = {"account": "main", "journey": "tea/main", "step": "d1"}
    rows = [{"key": key, "wall_ns": wall, "wru": 2000, "calls": {"sqs.SendMessage": 1}}, {"key": {}, "wall_ns": 3}]
    content = {"kind": "usage", "v": 1, "request_id": request_id, "function": "RunStep", "trigger": "sqs",
               "cold": False, "records": 2, "rows": rows, "duplicates": {}}
    return Line("RunStep", STREAM, at, json.dumps({**content, **more}))


def report(request_id: str, at: int, billed: int = 13, status: str = "success") -> Line:
    """Return Lambda's report."""
    metrics = {"billedDurationMs": billed, "memorySizeMB": 512}
    record = {"requestId": request_id, "metrics": metrics, "status": status}
    return Line("RunStep", STREAM, at, json.dumps({"type": "platform.report", "record": record}))


ONE = (usage("r1", AT), report("r1", AT + 1))
TRIED_AGAIN = (report("r2", AT, status="timeout"), usage("r2", AT + 60_000), report("r2", AT + 60_001, 21))


def booked(batches: Iterable[Iterable[Line]]) -> tuple[object, object]:
    """Return what the ledger says after some batches."""
    with fast_ledger():
        for batch in batches:
            usage_logs.handle(event_of(list(batch)))
        return first([DAY])


def by_hand(lines: Iterable[Line], region: str) -> tuple[object, object]:
    return second(Second(region).count(lines))


@pytest.mark.parametrize("lines", [ONE, TRIED_AGAIN, (*ONE, *TRIED_AGAIN)], ids=["one", "tried again", "both"])
def test_any_order_of_the_lines_one_a_batch_is_the_same(lines: tuple[Line, ...], region: str) -> None:
    for order in permutations(lines):
        assert booked([line] for line in order) == by_hand(lines, region)


@given(data=st.data())
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_cut_with_anything_twice_is_the_same(data: st.DataObject, region: str) -> None:
    lines = [*ONE, *TRIED_AGAIN, report("r3", AT + 5, 900, "error")]
    seen = data.draw(st.lists(st.sampled_from(lines), max_size=8)) + data.draw(st.permutations(lines))
    sizes = data.draw(st.lists(st.integers(1, 4), min_size=len(seen), max_size=len(seen)))
    batches, rest = [], seen
    for size in sizes:
        batches += [rest[:size]] if rest else []
        rest = rest[size:]
    assert booked(batches) == by_hand(lines, region)


def test_a_report_alone_is_nobodys_until_its_usage_line_comes(region: str) -> None:
    with fast_ledger():
        usage_logs.handle(event_of([ONE[1]]))
        [alone] = ledger.lines_of(DAY)
        assert alone.is_unattributed
        assert alone.value("journey") == "(unattributed)"
        usage_logs.handle(event_of([ONE[0]]))
        lines = list(ledger.lines_of(DAY))
    assert [line.value("journey") for line in lines] == ["(shared)", "tea/main"]
    assert sum(line.quantities["lambda_mb_ms"] for line in lines) == alone.quantities["lambda_mb_ms"]


def test_a_usage_line_alone_waits_and_costs_nothing_yet(region: str) -> None:
    with fast_ledger() as wire:
        usage_logs.handle(event_of([ONE[0]]))
        assert list(ledger.lines_of(DAY)) == []
        assert [item["state"]["S"] for item in wire.items.values()] == ["waiting"]


def test_what_has_no_price_in_its_book_says_so_and_is_not_zero(region: str) -> None:
    read_price_books.forget()
    with fast_ledger():
        usage_logs.handle(event_of([usage("r", AT, rows=[{"key": {}, "bytes_out": 9, "calls": {"s3.PutObject": 1}}]),
                                    report("r", AT)]))
        [line] = ledger.lines_of(DAY)
    assert line.unpriced == {"data_out_bytes", "other_calls"}
    assert line.book == "2026-11-22.1"


def test_an_invocation_of_more_keys_than_a_transaction_has_room_for_is_booked_whole(region: str) -> None:
    rows = [{"key": {"staff": f"s{number:03}"}, "wall_ns": number} for number in range(250)]
    lines = [usage("r", AT, rows=rows), report("r", AT, 1000)]
    assert booked([lines]) == by_hand(lines, region)
