"""The tracking API's messages, and the behaviours that they become."""

import hashlib
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from chalicelib.domain.behaviour import Behaviour
from chalicelib.schemas.tracking.body import check_size
from chalicelib.schemas.tracking.reading import behaviour_of, id_of, read_message
from chalicelib.schemas.tracking.refused import BadEventError

NOW = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)
EVENTS = Path(__file__).parents[2] / "events" / "tracking"
DEVICE = "anonymous:c6a1f6f0-9a2b-4e53-8a43-0c8e6a2b9d11"
PHONE = f"phone:{hashlib.sha256(b'+8613800000000').hexdigest()}"


def read(kind: str, raw: dict[str, Any]) -> Behaviour:
    message = read_message(kind, raw, NOW)
    return behaviour_of(message, id_of(message, raw, "shop"), "shop", message.moment or NOW, NOW)


def track(**changed: Any) -> dict[str, Any]:
    raw = {"userId": "u1", "event": "Read", "messageId": "m1", "timestamp": "2026-11-22T09:00:00Z"}
    return {name: value for name, value in {**raw, **changed}.items() if value is not ...}


def trouble_with(raw: Any, kind: object = "track") -> BadEventError:
    with pytest.raises(BadEventError) as bad:
        read_message(kind, raw, NOW)
    return bad.value


@pytest.mark.parametrize(
    ("file", "name", "subject", "properties", "also"),
    [
        (
            "track",
            "Order Completed",
            "user:u-1001",
            {
                "order_id": "A17",
                "total": 129.5,
                "currency": "CNY",
                "products": [{"sku": "tea-01", "quantity": 2}],
            },
            (
                DEVICE,
                "wecom:ww55ca070cb9b7eb22:wmEAlECwAAHrbWYDOK5u3Af13xlYAAAA",
                "unionid:ozynqsulJFCZ2z1aYeS8h-nuasdAAA",
            ),
        ),
        (
            "identify",
            "identify",
            "user:u-1001",
            {"traits": {"name": "李四", "birthday": "1990-02-28", "timezone": "Asia/Shanghai"}},
            (PHONE,),
        ),
        ("identify_rudderstack", "identify", "user:u-1001", {"traits": {"name": "李四"}}, (DEVICE,)),
        (
            "page",
            "page",
            DEVICE,
            {"url": "https://shop.example/mid-autumn", "referrer": "", "name": "Mid-Autumn", "category": "shop"},
            (),
        ),
        ("group", "group", "user:u-1001", {"groupId": "42", "traits": {"name": "VIP"}}, ()),
        (
            "alias",
            "alias",
            "user:u-1001",
            {"previousId": "c6a1f6f0-9a2b-4e53-8a43-0c8e6a2b9d11"},
            (DEVICE, "user:c6a1f6f0-9a2b-4e53-8a43-0c8e6a2b9d11"),
        ),
    ],
)
def test_every_kind_of_message_becomes_its_behaviour(
    file: str, name: str, subject: str, properties: dict[str, Any], also: tuple[str, ...]
) -> None:
    raw = json.loads((EVENTS / f"{file}.json").read_text())
    found = read(file.partition("_")[0], raw)
    assert (found.name, found.subject, found.properties, found.also) == (name, subject, properties, also)
    assert (found.kind, found.account, found.source, found.received_at) == ("customer", "shop", "tracking", NOW)


@pytest.mark.parametrize(
    ("timestamp", "occurred_at"),
    [
        ("2026-11-22T09:59:30.250Z", datetime(2026, 11, 22, 9, 59, 30, 250_000, UTC)),
        ("2026-11-22T17:59:30+08:00", datetime(2026, 11, 22, 9, 59, 30, 0, UTC)),
        ("2026-11-22T09:59:30", datetime(2026, 11, 22, 9, 59, 30, 0, UTC)),
        ("2026-11-22T09:59:30.123456789Z", datetime(2026, 11, 22, 9, 59, 30, 123_456, UTC)),
        ("2026-11-22T11:00:00Z", NOW + timedelta(hours=1)),
        ("2025-11-22T10:00:00Z", NOW - timedelta(days=365)),
    ],
)
def test_a_time_is_taken_as_it_is(timestamp: str, occurred_at: datetime) -> None:
    assert read("track", track(timestamp=timestamp)).occurred_at == occurred_at


def test_a_time_beats_the_original_time() -> None:
    assert read("track", track(originalTimestamp="2026-11-22T08:00:00Z")).occurred_at.hour == 9
    assert read("track", track(timestamp=None, originalTimestamp="2026-11-22T08:00:00Z")).occurred_at.hour == 8


@pytest.mark.parametrize(
    ("changed", "field", "reason"),
    [
        ({"userId": ...}, "", "userId or anonymousId"),
        ({"userId": ""}, "", "userId or anonymousId"),
        ({"userId": "u" * 257}, "userId", "256"),
        ({"userId": {"id": 1}}, "userId", "string"),
        ({"event": ...}, "event", "required"),
        ({"event": ""}, "event", "at least 1"),
        ({"event": "x" * 129}, "event", "128"),
        ({"event": "wecom.add_external_contact"}, "", "reserved"),
        ({"event": "chaoxi.time_passed"}, "", "reserved"),
        ({"event": "identify"}, "", "reserved"),
        ({"properties": []}, "properties", "dictionary"),
        ({"messageId": "m" * 257}, "messageId", "256"),
        ({"timestamp": 1732269600}, "timestamp", "ISO 8601"),
        ({"timestamp": "yesterday-ish"}, "timestamp", "ISO 8601"),
        ({"timestamp": "0001-01-01T00:00:00+08:00"}, "timestamp", "ISO 8601"),
        ({"timestamp": "2026-11-22T11:00:01Z"}, "timestamp", "future"),
        ({"timestamp": "2025-11-22T09:59:59Z"}, "timestamp", "365 days"),
        ({"context": "web"}, "context", "dictionary"),
        ({"context": {"externalIds": [{"id": "", "type": "unionid"}]}}, "context.externalIds.0.id", "at least 1"),
        ({"context": {"externalIds": [{"id": "1"}]}}, "context.externalIds.0.type", "required"),
        (
            {"context": {"externalIds": [{"id": "wm1", "type": "wecom_external_userid", "collection": "users"}]}},
            "context.externalIds.0",
            "corp id",
        ),
        ({"context": {"externalIds": [{"id": "o1", "type": "openid"}]}}, "context.externalIds.0", "appid"),
        ({"context": {"externalIds": [{"id": "12", "type": "phone"}]}}, "context.externalIds.0", "E.164"),
        (
            {"context": {"externalIds": [{"id": "ab", "type": "phone", "encoding": "sha256"}]}},
            "context.externalIds.0",
            "64 hexadecimal",
        ),
    ],
)
def test_a_bad_event_is_refused_with_the_field_and_the_reason(changed: dict[str, Any], field: str, reason: str) -> None:
    trouble = trouble_with(track(**changed))
    assert trouble.field == field
    assert reason in str(trouble)


@pytest.mark.parametrize("raw", [None, 1, "x", []])
def test_an_event_that_is_no_object_is_refused(raw: object) -> None:
    assert "object" in str(trouble_with(raw))


@pytest.mark.parametrize("kind", [None, "teleport", 7, {}])
def test_an_event_of_no_known_type_is_refused(kind: object) -> None:
    assert trouble_with(track(), kind).field == "type"


def test_an_event_of_32_kb_is_taken_and_one_byte_more_is_not() -> None:
    size = len(json.dumps(track(properties={"x": ""}), separators=(",", ":")))
    assert check_size(track(properties={"x": "a" * (32 * 1024 - size)}))
    with pytest.raises(BadEventError, match="32 KB") as bad:
        check_size(track(properties={"x": "a" * (32 * 1024 - size + 1)}))
    assert bad.value.code == "too_large"


def test_text_that_is_no_unicode_and_deep_nesting_are_refused() -> None:
    nested: Any = "x"
    for _ in range(40):
        nested = [nested]
    assert "surrogate" in str(trouble_with(track(properties={"x": "\ud800"})))
    assert "nested" in str(trouble_with(track(properties={"x": nested})))


def test_nulls_are_as_good_as_nothing() -> None:
    raw = track(properties=None, context=None, anonymousId=None, integrations=None)
    assert read("track", raw).properties == {}


def test_the_same_message_is_the_same_row_and_another_one_is_not() -> None:
    assert read("track", track()).key == read("track", track(sentAt="later")).key
    assert read("track", track()).key != read("track", track(messageId="m2")).key


def test_without_an_id_the_content_and_its_time_tell() -> None:
    assert read("track", track(messageId=...)).key == read("track", track(messageId=..., sentAt="later")).key
    assert read("track", track(messageId=...)).key != read("track", track(messageId=..., event="Click")).key


def test_without_an_id_and_a_time_the_same_again_is_another_deed() -> None:
    raw = track(messageId=..., timestamp=...)
    assert read("track", raw).key != read("track", raw).key
