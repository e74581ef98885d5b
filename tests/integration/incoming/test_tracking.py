"""The tracking API, from the request to the table and the rejects queue."""

import gzip
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import time_machine

from chalicelib.gateways import aws
from chalicelib.handlers import tracking_http
from chalicelib.models.behaviours import BehaviourRow
from tests.integration.incoming.conftest import REJECTS, Lines, rejects
from tests.integration.incoming.senders import Integrator, stored

EVENTS = Path(__file__).parents[2] / "events" / "tracking"
NOW = "2026-11-22T10:00:00Z"


def on_file(name: str) -> Any:
    return json.loads((EVENTS / f"{name}.json").read_text())


def track(number: int = 0, **changed: Any) -> dict[str, Any]:
    raw = {"type": "track", "userId": "u1", "event": "Read", "messageId": f"m{number}"}
    return {**raw, "timestamp": "2026-11-22T09:00:00Z", **changed}


@pytest.fixture(autouse=True)
def _at_ten() -> Any:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.mark.parametrize("kind", ["track", "identify", "page", "group", "alias"])
def test_a_call_is_in_the_table_when_it_is_answered(shop: Integrator, kind: str) -> None:
    assert shop.send(kind, on_file(kind)) == (200, {"success": True})
    [behaviour] = stored()
    assert (behaviour.account, behaviour.source) == ("shop", "tracking")


def test_a_bad_event_of_a_batch_is_reported_and_kept_and_its_neighbours_are_accepted(shop: Integrator) -> None:
    status, answer = shop.send("batch", on_file("batch"))
    assert status == 200
    assert answer["success"]
    assert answer["accepted"] == 3
    assert [(bad["index"], bad["field"]) for bad in answer["rejected"]] == [(1, "event"), (3, ""), (4, "type")]
    assert [behaviour.name for behaviour in stored()] == ["Read", "identify", "screen"]
    kept = rejects()
    assert [one["event"]["messageId"] for one in kept] == ["b-1", "b-3", "b-4"]
    assert [(one["source"], one["reason"]) for one in kept] == [("shop", bad["reason"]) for bad in answer["rejected"]]


def test_a_bad_single_event_is_refused_and_kept(shop: Integrator) -> None:
    status, answer = shop.send("track", {"userId": "u1"})
    assert (status, answer["code"], answer["field"]) == (400, "invalid_event", "event")
    assert [one["event"] for one in rejects()] == [{"userId": "u1"}]


def test_a_call_sent_three_times_is_stored_once(shop: Integrator) -> None:
    for _ in range(3):
        shop.send("batch", {"batch": [track(0), track(1)], "sentAt": "whenever"})
    assert len(stored()) == 2


def test_an_event_without_a_time_keeps_that_of_its_first_arrival(shop: Integrator) -> None:
    message = track(timestamp=None)
    shop.send("track", message)
    with time_machine.travel("2026-11-22T10:05:00Z", tick=False):
        shop.send("track", message)
    receipt, behaviour = stored()
    assert behaviour.occurred_at == datetime(2026, 11, 22, 10, 0, tzinfo=UTC)
    assert (receipt.name, receipt.kind, receipt.subject) == ("chaoxi.receipt", "account", "user:u1")


def test_an_event_without_a_time_that_crashed_halfway_keeps_that_of_its_first_arrival(shop: Integrator) -> None:
    shop.send("track", track(timestamp=None))
    behaviour = stored()[1]
    BehaviourRow(behaviour.subject, behaviour.position).delete()
    with time_machine.travel("2026-11-22T10:05:00Z", tick=False):
        shop.send("track", track(timestamp=None))
    assert stored()[1].occurred_at == behaviour.occurred_at


def test_a_gzipped_body_is_taken_and_one_that_the_gateway_unzipped_too(shop: Integrator) -> None:
    body = json.dumps(track()).encode()
    headers = {**shop.headers, "Content-Encoding": "gzip"}
    assert tracking_http.receive("track", headers, gzip.compress(body)).status == 200
    assert tracking_http.receive("track", headers, body).status == 200
    assert len(stored()) == 1


def test_a_key_in_the_body_will_do(shop: Integrator) -> None:
    body = json.dumps({**track(), "writeKey": shop.key}).encode()
    assert tracking_http.receive("track", {}, body).status == 200


@pytest.mark.parametrize("key", ["", "shop.wrong", "nobody.abc", "shop", "店.abc"])
def test_a_wrong_key_is_refused(shop: Integrator, lines: Lines, key: str) -> None:
    status, answer = Integrator(key).send("track", track())
    assert (status, answer["code"]) == (401, "wrong_key")
    assert lines.reasons == ["wrong_key"]
    assert stored() == []


def test_a_missing_key_is_refused(cloud: None) -> None:
    answer = tracking_http.receive("track", {}, json.dumps(track()).encode())
    assert answer.status == 401
    assert answer.headers["WWW-Authenticate"].startswith("Basic")


@pytest.mark.parametrize(
    ("kind", "body", "status"),
    [
        ("track", b"hello", 400),
        ("track", b"", 400),
        ("batch", b"{}", 400),
        ("batch", b'{"batch": "x"}', 400),
        ("track", b" " * (500 * 1024 + 1), 413),
        ("batch", json.dumps({"batch": [{}] * 501}).encode(), 413),
    ],
)
def test_a_call_that_cannot_be_read_is_refused_whole(
    shop: Integrator, lines: Lines, kind: str, body: bytes, status: int
) -> None:
    assert tracking_http.receive(kind, shop.headers, body).status == status
    assert len(lines.records) == 1
    assert stored() == []
    assert rejects() == []


def test_an_event_over_32_kb_is_too_large_alone_and_rejected_in_a_batch(shop: Integrator) -> None:
    large = track(properties={"x": "水" * 11_000})
    assert shop.send("track", large)[0] == 413
    status, answer = shop.send("batch", {"batch": [large, track(1)]})
    assert (status, answer["accepted"], answer["rejected"][0]["index"]) == (200, 1, 0)
    assert len(rejects()) == 2


@pytest.mark.parametrize(("events", "size"), [(25, 10), (15, 30_000)])
def test_bad_events_that_fill_more_than_one_call_are_all_kept(shop: Integrator, events: int, size: int) -> None:
    bad = [track(number, event="", properties={"x": "y" * size}) for number in range(events)]
    assert len(shop.send("batch", {"batch": bad})[1]["rejected"]) == events
    assert {one["event"]["messageId"] for one in rejects()} == {f"m{number}" for number in range(events)}


def test_one_bad_event_that_fills_a_call_is_kept_by_its_beginning(shop: Integrator) -> None:
    shop.send("track", track(properties={"x": "水" * 60_000}))
    [kept] = rejects()
    assert kept["event"] is None
    assert kept["beginning"].startswith('{"type": "track"')


def test_a_call_is_to_be_sent_again_while_the_rejects_queue_is_away(shop: Integrator) -> None:
    aws.client("sqs").delete_queue(QueueUrl=REJECTS)
    status, answer = shop.send("batch", {"batch": [track(0), {}]})
    assert (status, answer["code"]) == (500, "try_again")
    aws.client("sqs").create_queue(QueueName="rejects")
    assert shop.send("batch", {"batch": [track(0), {}]})[0] == 200
    assert (len(stored()), len(rejects())) == (1, 1)


def test_a_call_that_cannot_be_stored_is_to_be_sent_again(shop: Integrator, lines: Lines) -> None:
    BehaviourRow.delete_table()
    assert shop.send("track", track())[0] == 500
    assert "u1" not in lines.text
    BehaviourRow.create_table(billing_mode="PAY_PER_REQUEST")
    assert shop.send("track", track())[0] == 200
    assert len(stored()) == 1


def test_numbers_of_any_size_and_text_of_any_script_come_back_as_they_went(shop: Integrator) -> None:
    properties = {"big": 10**30, "small": -0.1, "text": "潮汐 \x00 🌊", "none": None, "list": [1, [2]]}
    assert shop.send("track", track(properties=properties))[0] == 200
    assert stored()[0].properties == properties
