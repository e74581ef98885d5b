"""The tracking API: one event or a batch of them, as Segment's SDKs send them."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from chalicelib import metering
from chalicelib.handlers.answer import Answer
from chalicelib.handlers.trouble import TROUBLE
from chalicelib.observability import count, logger
from chalicelib.schemas.tracking.body import messages_in, read_body
from chalicelib.schemas.tracking.credentials import key_in_body, key_in_headers
from chalicelib.schemas.tracking.refused import BadEventError, Code, RefusedCallError
from chalicelib.services.authenticate_source import authenticate_source
from chalicelib.services.receive_track import Rejected, receive_track

STATUS: dict[Code, int] = {"malformed": 400, "invalid_event": 400, "wrong_key": 401, "too_large": 413}
JSON = {"Content-Type": "application/json"}
BATCH = "batch"


def receive(kind: str, headers: Mapping[str, str], body: bytes) -> Answer:
    """Answer a call: 200 once every good event is stored and every bad one is kept with its reason."""
    try:
        return take(kind, headers, body, datetime.now(UTC))
    except RefusedCallError as error:
        logger.warning("a tracking call is refused", extra={"reason": error.code})
        count("TrackingRefused")
        return failed(error.code, str(error))
    except TROUBLE as error:
        logger.error("a tracking call is not stored", extra={"reason": type(error).__name__})
        count("TrackingFailed")
        return Answer(500, json.dumps({"success": False, "code": "try_again", "message": "please send it again"}), JSON)


def take(kind: str, headers: Mapping[str, str], body: bytes, now: datetime) -> Answer:
    """Take a call in. The key comes first where it is in a header: nobody else's body is worth parsing."""
    key = key_in_headers(headers)
    source = authenticate_source(key, now) if key is not None else None
    fields = read_body(body)
    source = source or authenticate_source(key_in_body(fields), now)
    metering.name(account=source)
    if kind != BATCH:
        return answer_one(report(receive_track(source, [(kind, fields)], now)))
    messages = messages_in(fields)
    return answer_batch(len(messages), report(receive_track(source, map(with_kind, messages), now)))


def with_kind(message: Any) -> tuple[object, Any]:
    """Return a message of a batch with what it says it is."""
    return (message.get("type") if isinstance(message, dict) else None), message


def report(rejected: list[Rejected]) -> list[Rejected]:
    """Log and count the events that were not accepted."""
    if rejected:
        logger.warning("events are rejected", extra={"fields": sorted({one.error.field for one in rejected})})
        count("EventRejected", len(rejected))
    return rejected


def answer_one(rejected: list[Rejected]) -> Answer:
    """Answer a call of one event."""
    if not rejected:
        return Answer(200, json.dumps({"success": True}), JSON)
    error: BadEventError = rejected[0].error
    return failed(error.code, str(error), {"field": error.field})


def answer_batch(count_of_all: int, rejected: list[Rejected]) -> Answer:
    """Answer a batch, which is a success even where some of its events are not: sending it again would not help."""
    bad = [{"index": one.index, "reason": str(one.error), "field": one.error.field} for one in rejected]
    return Answer(200, json.dumps({"success": True, "accepted": count_of_all - len(bad), "rejected": bad}), JSON)


def failed(code: Code, message: str, more: dict[str, str] | None = None) -> Answer:
    """Answer with an error as Segment's SDKs read it."""
    headers = {**JSON, "WWW-Authenticate": 'Basic realm="write key"'} if code == "wrong_key" else JSON
    return Answer(
        STATUS[code], json.dumps({"success": False, "code": code, "message": message, **(more or {})}), headers
    )
