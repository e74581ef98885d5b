"""From a raw message to a behaviour."""

import hashlib
import json
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from pydantic import ValidationError

from chalicelib.domain.behaviour import Behaviour
from chalicelib.schemas.tracking.body import check_size
from chalicelib.schemas.tracking.calls import CALLS
from chalicelib.schemas.tracking.message import Message
from chalicelib.schemas.tracking.refused import BadEventError

SOURCE = "tracking"
MAX_AHEAD = timedelta(hours=1)
MAX_AGE = timedelta(days=365)
BESIDE_THE_CONTENT = ("sentAt", "type", "writeKey")


def read_message(kind: object, raw: object, now: datetime) -> Message:
    """Return a message of a kind of call. Raises BadEventError with the reason and the field."""
    fields = check_size(raw)
    call = CALLS.get(kind) if isinstance(kind, str) else None
    if call is None:
        raise BadEventError("no such type of event", "type")
    try:
        message = call.model_validate(fields)
    except ValidationError as error:
        raise bad_event(error) from None
    check_moment(message.moment, now)
    return message


def check_moment(moment: datetime | None, now: datetime) -> None:
    """Raise BadEventError for a time that cannot be meant.

    It is refused and not corrected, as a corrected time would be another one when the message is sent again.
    """
    if moment and moment > now + MAX_AHEAD:
        raise BadEventError("more than 1 hour in the future; was a local time sent as UTC?", "timestamp")
    if moment and moment < now - MAX_AGE:
        raise BadEventError("more than 365 days ago", "timestamp")


def behaviour_of(message: Message, event_id: str, source: str, occurred_at: datetime, now: datetime) -> Behaviour:
    """Return the behaviour that a message is."""
    return Behaviour(
        subject=message.subject,
        occurred_at=occurred_at,
        id=event_id,
        name=message.behaviour,
        account=source,
        source=SOURCE,
        received_at=now,
        properties=message.facts,
        also=tuple(identity for identity in message.also if identity != message.subject),
    )


def id_of(message: Message, raw: dict[str, Any], source: str) -> str:
    """Return what tells the event from others of its source.

    Without a messageId it is made from the kind of call and the content, so that what is sent again is the same; where
    there is no time either, the same content again is taken for the same deed done again.
    """
    if message.message_id:
        return hashed(source, "messageId", message.message_id)
    if message.moment:
        content = {name: value for name, value in raw.items() if name not in BESIDE_THE_CONTENT}
        return hashed(source, type(message).__name__, json.dumps(content, sort_keys=True))
    return uuid4().hex


def bad_event(error: ValidationError) -> BadEventError:
    """Return the first trouble of a message, without the value."""
    trouble = error.errors(include_url=False, include_input=False, include_context=False)[0]
    return BadEventError(trouble["msg"].removeprefix("Value error, "), ".".join(str(part) for part in trouble["loc"]))


def hashed(*parts: str) -> str:
    """Return 32 hexadecimal digits that stand for the parts, in order."""
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()[:32]
