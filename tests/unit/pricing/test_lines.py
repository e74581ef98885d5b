"""One invocation's lines: they sum to the whole, whatever is split."""

from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.domain.pricing.booking import Terms, component_of, lines_for
from chalicelib.domain.pricing.entries import address_of, line_at, numbers_of
from chalicelib.domain.pricing.facts import Report, Row, Usage
from chalicelib.domain.pricing.invocation import Invocation
from chalicelib.domain.pricing.line import Line, merged, total_of
from chalicelib.metering.keys import DIMENSIONS, key_of
from tests.unit.pricing.books import dated

TERMS = Terms(dated("2026-11-22.1"), "arm64")
AT = 1_795_300_000_000
names = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=12)
keys = st.dictionaries(st.sampled_from(DIMENSIONS), names.filter(bool))
numbers = st.integers(0, 10**12)
calls = st.dictionaries(st.sampled_from(
    ("sqs.SendMessage", "scheduler.CreateSchedule", "wecom.gettoken", "ssm.GetParameter", "unanswered", "s3.GetObject",
     "dynamodb.GetItem", "scheduler.CreateSchedule.refused")), st.integers(0, 99))
rows = st.lists(
    st.builds(Row, key=keys, wall_ns=numbers, wru=numbers, rru=numbers, bytes_out=numbers, calls=calls),
    max_size=7, unique_by=lambda row: key_of(**row.key),
)
usages = st.builds(
    Usage, at=st.just(AT), log_bytes=numbers, shard=st.just(0), trigger=st.sampled_from(("http", "sqs", "dynamodb")),
    cold=st.booleans(), records=st.integers(0, 10_000), rows=rows.map(tuple), duplicates=st.just({}),
)
reports = st.builds(
    Report, at=st.just(AT), log_bytes=numbers, shard=st.just(0), billed_ms=st.integers(0, 900_000),
    memory_mb=st.integers(128, 10_240), status=st.just("success"),
)


@settings(deadline=None)
@given(report=reports, usage=st.none() | usages)
def test_the_parts_of_an_invocation_sum_to_the_whole_in_every_component(report: Report, usage: Usage | None) -> None:
    lines = list(lines_for("Tag", report, usage, TERMS))
    used = total_of(line.quantities for line in lines)
    paid = total_of(line.amounts for line in lines)
    assert used["lambda_requests"] == 1
    assert used["lambda_mb_ms"] == report.billed_ms * report.memory_mb
    assert sum(line.records for line in lines) == (usage.records if usage else 0)
    for name, amount in paid.items():
        price = TERMS.book.atto(name, "arm64")
        assert price is not None
        assert amount == used[name] * price
    assert used.keys() - paid.keys() <= {"other_calls"}
    assert used.get("wru", 0) == sum(row.wru for row in usage.rows) if usage else "wru" not in used


@settings(deadline=None)
@given(report=reports, usage=usages)
def test_what_a_row_counted_by_itself_stays_its_own(report: Report, usage: Usage) -> None:
    lines = {line.key: line for line in lines_for("Tag", report, usage, TERMS)}
    for row in usage.rows:
        assert lines[key_of(**row.key)].quantities.get("rru", 0) == row.rru


@settings(deadline=None)
@given(key=keys, function=st.sampled_from(("Tag", "APIHandler")), used=st.dictionaries(
    st.sampled_from(("wru", "rru", "log_bytes")), st.integers(-(10**30), 10**30)))
def test_a_line_is_read_from_its_row_as_it_was_written(
    key: dict[str, str], function: str, used: dict[str, int]
) -> None:
    line = Line(date(2026, 11, 22), function, "2026-11-22.1", key_of(**key), used, used, 3, 4)
    assert line_at(address_of(line, 5), numbers_of(line)) == line


@settings(deadline=None)
@given(report=reports, usage=usages)
def test_what_is_booked_is_what_should_be_and_nothing_is_missing_then(report: Report, usage: Usage) -> None:
    invocation = Invocation(function="Tag", book="2026-11-22.1").seeing([report])
    first = invocation.missing(TERMS)
    later = invocation.booking(first).seeing([usage])
    whole = later.booking(later.missing(TERMS))
    assert whole.missing(TERMS) == {}
    assert whole.seeing([usage, report]) == whole
    assert whole.state == "booked"


def test_lines_of_one_place_are_one_and_what_came_to_nothing_is_left_out() -> None:
    line = Line(date(2026, 11, 22), "Tag", "b", (), {"wru": 2}, {"wru": 5}, 1, 1)
    other = Line(date(2026, 11, 22), "Move", "b", (), {"wru": 2}, {"wru": 5}, 1, 1)
    assert list(merged([line, other, line])) == [other, line + line]
    assert list(merged([line, -line])) == []


def test_what_each_call_is_paid_as() -> None:
    assert {call: component_of(call) for call in (
        "dynamodb.GetItem", "sqs.SendMessage", "sqs.SendMessage.refused", "scheduler.CreateSchedule",
        "scheduler.DeleteSchedule", "scheduler.UpdateSchedule", "ssm.GetParameter", "wecom.externalcontact/get",
        "s3.PutObject", "unanswered",
    )} == {
        "dynamodb.GetItem": None, "sqs.SendMessage": "sqs_requests", "sqs.SendMessage.refused": None,
        "scheduler.CreateSchedule": "scheduler_invocations", "scheduler.DeleteSchedule": None,
        "scheduler.UpdateSchedule": "other_calls", "ssm.GetParameter": "ssm_requests",
        "wecom.externalcontact/get": "wecom_calls", "s3.PutObject": "other_calls", "unanswered": "other_calls",
    }
