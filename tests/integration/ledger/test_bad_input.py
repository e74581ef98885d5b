"""What is not ours, or broken: told, skipped or refused, and never guessed."""

import base64
import gzip
import json

import pytest

from chalicelib.handlers import usage_logs
from chalicelib.models import ledger
from chalicelib.schemas.logs.delivery import UnreadableDeliveryError
from tests.integration.ledger.fast_ledger import fast_ledger
from tests.integration.ledger.raw import Line, event_of
from tests.integration.ledger.test_orders import AT, DAY, ONE, STREAM

FOREIGN = [
    "", "hello", "START RequestId: 1", "END RequestId: 1", "null", "[]", "{", '{"kind":', "REPORTED elsewhere",
    '{"level":"INFO","message":"\\"kind\\":\\"usage\\""}', '{"note":{"kind":"usage"}}', '["kind","usage"]',
    '{"type":"platform.start","record":{"requestId":"1"}}', '{"type":"platform.runtimeDone"}', "\x00\x01",
]
GOOD = json.loads(ONE[0].message)
METRICS = {"billedDurationMs": 1, "memorySizeMB": 128}


def changed(**fields: object) -> str:
    return json.dumps({**GOOD, **fields})


def reported(**fields: object) -> str:
    record = {"requestId": "r", "metrics": METRICS, **fields}
    return json.dumps({"type": "platform.report", "record": record})


BROKEN = {
    "cut short": ONE[0].message[:150],
    "a report cut short": ONE[1].message[:60],
    "a later version": changed(v=2),
    "no request id": json.dumps({name: value for name, value in GOOD.items() if name != "request_id"}),
    "an empty request id": changed(request_id=""),
    "a field of somebody else": changed(price=3),
    "no rows": json.dumps({name: value for name, value in GOOD.items() if name != "rows"}),
    "time that runs back": changed(rows=[{"key": {}, "wall_ns": -1}]),
    "half a nanosecond": changed(rows=[{"key": {}, "wall_ns": 0.5}]),
    "a number as text": changed(rows=[{"key": {}, "wru": "1000"}]),
    "a negative call": changed(rows=[{"key": {}, "calls": {"sqs.SendMessage": -1}}]),
    "a dimension that nobody knows": changed(rows=[{"key": {"colour": "red"}}]),
    "a key with two rows": changed(rows=[{"key": {"staff": "li"}}, {"key": {"staff": "li"}}]),
    "endless nesting": '{"kind":"usage","rows":' + "[" * 20_000,
    "a report without billed time": reported(metrics={"memorySizeMB": 128}),
    "a report without metrics": '{"type":"platform.report","record":{"requestId":"r"}}',
    "a report of a negative time": reported(metrics={**METRICS, "billedDurationMs": -4}),
    "a report of half a millisecond": reported(metrics={**METRICS, "billedDurationMs": 0.5}),
    "a report of nothing": '{"type":"platform.report","record":null}',
    "a text report without memory": "REPORT RequestId: r\tDuration: 1 ms\tBilled Duration: 2 ms",
}


def handed(messages: list[str]) -> list[str]:
    """Return what Book warns of when a batch holds these lines beside good ones, which are booked all the same."""
    lines = [Line("RunStep", STREAM, AT, message) for message in messages]
    with fast_ledger():
        usage_logs.handle(event_of([*lines, *ONE]))
        assert sum(line.quantities["lambda_requests"] for line in ledger.lines_of(DAY)) == 1
    return messages


@pytest.mark.parametrize("number", range(len(FOREIGN)))
def test_lines_of_other_programs_are_passed_over_without_a_word(number: int, region: str, caplog) -> None:
    handed([FOREIGN[number]])
    assert caplog.records == []


@pytest.mark.parametrize("name", BROKEN)
def test_a_line_that_looks_like_ours_and_is_broken_is_told_by_its_place_and_not_guessed(
    name: str, region: str, caplog
) -> None:
    handed([BROKEN[name]])
    [told] = caplog.records
    assert (told.stream, told.at) == (STREAM, AT)
    assert told.reason
    assert "tea/main" not in told.getMessage() + told.reason


def test_a_log_group_of_another_stack_is_told_and_left_alone(region: str, caplog) -> None:
    event = event_of(list(ONE))
    content = json.loads(gzip.decompress(base64.b64decode(event["awslogs"]["data"])))
    content["logGroup"] = "/aws/lambda/other-RunStep-X"
    with fast_ledger() as wire:
        usage_logs.handle({"awslogs": {"data": base64.b64encode(gzip.compress(json.dumps(content).encode())).decode()}})
        assert wire.items == {}
    assert [record.getMessage() for record in caplog.records] == ["lines of a log group that is not ours"]


def test_a_question_whether_anybody_is_there_is_no_batch(region: str) -> None:
    content = {"messageType": "CONTROL_MESSAGE", "logGroup": "", "logStream": "", "logEvents": []}
    with fast_ledger() as wire:
        usage_logs.handle({"awslogs": {"data": base64.b64encode(gzip.compress(json.dumps(content).encode())).decode()}})
        assert wire.calls == 0


@pytest.mark.parametrize(
    "event",
    [{}, {"awslogs": {}}, {"awslogs": None}, {"awslogs": {"data": "%"}}, {"awslogs": {"data": "aGk="}},
     {"awslogs": {"data": base64.b64encode(gzip.compress(b"{}")[:-6]).decode()}},
     {"awslogs": {"data": base64.b64encode(gzip.compress(b"{}")).decode()}},
     {"awslogs": {"data": base64.b64encode(gzip.compress(b"no json")).decode()}}],
)
def test_what_is_no_batch_of_log_lines_is_refused_so_that_it_is_kept(event: dict[str, object]) -> None:
    with pytest.raises(UnreadableDeliveryError):
        usage_logs.handle(event)


def test_a_report_in_text_is_read_as_the_one_in_json_is(region: str) -> None:
    text = ("REPORT RequestId: r\tDuration: 12.01 ms\tBilled Duration: 13 ms\tMemory Size: 512 MB\tMax Memory Used: "
            "84 MB\tInit Duration: 300.10 ms\tStatus: timeout\n")
    with fast_ledger():
        usage_logs.handle(event_of([Line("RunStep", STREAM, AT, text)]))
        [line] = ledger.lines_of(DAY)
    assert line.quantities["lambda_mb_ms"] == 13 * 512
