"""The rejects queue: events that were not accepted, each with its reason, until somebody has looked at them."""

import json
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from chalicelib.config import settings
from chalicelib.errors import TransientError
from chalicelib.gateways import aws

if TYPE_CHECKING:
    from mypy_boto3_sqs.type_defs import SendMessageBatchRequestEntryTypeDef

# A queue takes 256 KB a call, and ten messages.
MAX_MESSAGE = 64 * 1024
MAX_CALL = 256 * 1024
MAX_MESSAGES = 10


def keep(events: Iterable[dict[str, Any]]) -> None:
    """Put bad events on the queue. Raises TransientError when it does not take them all."""
    for bodies in calls_for(written(event) for event in events):
        entries: list[SendMessageBatchRequestEntryTypeDef] = [
            {"Id": str(number), "MessageBody": body} for number, body in enumerate(bodies)
        ]
        answer = aws.client("sqs").send_message_batch(QueueUrl=settings().rejects_queue_url, Entries=entries)
        if answer.get("Failed"):
            raise TransientError("the rejects queue did not take every event")


def written(event: dict[str, Any]) -> str:
    """Return an event as ASCII, which a queue always takes, and of one that is too large the beginning."""
    body = json.dumps(event)
    if len(body) <= MAX_MESSAGE:
        return body
    return json.dumps({**event, "event": None, "beginning": json.dumps(event["event"])[: MAX_MESSAGE // 4]})


def calls_for(bodies: Iterable[str]) -> Iterator[list[str]]:
    """Yield as many messages at a time as one call takes."""
    call: list[str] = []
    for body in bodies:
        if call and (len(call) == MAX_MESSAGES or sum(map(len, call)) + len(body) > MAX_CALL):
            yield call
            call = []
        call.append(body)
    if call:
        yield call
