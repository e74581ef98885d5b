"""The usage line: one an invocation, whatever comes of it, unless the process dies."""

import json
from types import SimpleNamespace
from typing import Any

import pytest
from chalice.app import DynamoDBEvent, LambdaFunctionEvent, Response, SQSEvent

from chalicelib import metering
from chalicelib.schemas.logs.delivery import LogEvent
from chalicelib.schemas.logs.line import sighting_in
from tests.harness.faults import Crash

CONTEXT: Any = SimpleNamespace(aws_request_id="r1", function_name="chaoxi-test-RunStep-AB12")
MESSAGE = {"messageId": "1", "receiptHandle": "x", "body": "{}", "attributes": {}, "eventSource": "aws:sqs"}


def invoked(event: Any, work: Any, capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    """Return the usage line of an invocation."""
    metering.meter_invocation(event, work)
    [line] = capsys.readouterr().out.splitlines()
    return dict(json.loads(line))


def test_a_line_says_who_ran_for_what_and_how_much(capsys: pytest.CaptureFixture[str]) -> None:
    def work(_: Any) -> None:
        with metering.record():
            metering.name(journey="tea", staff="李")
            metering.called("wecom", "gettoken", bytes_out=31)

    line = invoked(SQSEvent({"Records": [MESSAGE, MESSAGE]}, CONTEXT), work, capsys)
    assert (line["kind"], line["v"], line["request_id"], line["function"]) == ("usage", 1, "r1", "RunStep")
    assert (line["trigger"], line["records"]) == ("sqs", 2)
    [named, shared] = line["rows"]
    assert (named["key"], named["calls"], named["bytes_out"]) == (
        {"journey": "tea", "staff": "李"}, {"wecom.gettoken": 1}, 31)
    assert shared["key"] == {}


@pytest.mark.parametrize(
    ("event", "trigger"),
    [
        (SQSEvent({"Records": []}, CONTEXT), "sqs"),
        (DynamoDBEvent({"Records": []}, CONTEXT), "dynamodb"),
        (LambdaFunctionEvent({"anything": 1}, CONTEXT), "direct"),
    ],
)
def test_the_trigger_is_told(event: Any, trigger: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert invoked(event, lambda _: None, capsys)["trigger"] == trigger


def test_the_ledger_reads_what_the_meter_prints(capsys: pytest.CaptureFixture[str]) -> None:
    line = invoked(SQSEvent({"Records": [MESSAGE]}, CONTEXT), lambda _: metering.dropped("step", "k"), capsys)
    seen = sighting_in(LogEvent(timestamp=1, message=json.dumps(line)), "stream")
    assert seen is not None
    assert seen.request_id == "r1"


def test_an_answer_over_http_is_bytes_that_leave(capsys: pytest.CaptureFixture[str]) -> None:
    event = LambdaFunctionEvent({}, CONTEXT)
    line = invoked(event, lambda _: Response(body="成功"), capsys)
    assert [row["bytes_out"] for row in line["rows"]] == [6]


def test_an_invocation_that_raises_prints_its_line_and_raises_on(capsys: pytest.CaptureFixture[str]) -> None:
    def work(_: Any) -> None:
        metering.called("sqs", "SendMessage")
        raise RuntimeError("no")

    with pytest.raises(RuntimeError):
        metering.meter_invocation(SQSEvent({"Records": []}, CONTEXT), work)
    [line] = capsys.readouterr().out.splitlines()
    assert json.loads(line)["rows"][0]["calls"] == {"sqs.SendMessage": 1}


def test_a_process_that_dies_prints_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    def work(_: Any) -> None:
        raise Crash

    with pytest.raises(Crash):
        metering.meter_invocation(SQSEvent({"Records": []}, CONTEXT), work)
    assert capsys.readouterr().out == ""


def test_one_invocation_leaves_nothing_to_the_next(capsys: pytest.CaptureFixture[str]) -> None:
    event = SQSEvent({"Records": []}, CONTEXT)
    invoked(event, lambda _: metering.called("sqs", "SendMessage"), capsys)
    line = invoked(event, lambda _: None, capsys)
    assert (["calls" in row for row in line["rows"]], line["duplicates"]) == ([False], {})
