"""Take in what integrators report."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Protocol

from chalicelib.domain.behaviour import Behaviour
from chalicelib.gateways import rejects
from chalicelib.metering.inputs import noted
from chalicelib.models.behaviours import BehaviourRow
from chalicelib.schemas.tracking.message import Message
from chalicelib.schemas.tracking.reading import SOURCE, behaviour_of, id_of, read_message
from chalicelib.schemas.tracking.refused import BadEventError

BEGINNING = datetime.fromtimestamp(0, UTC)


class Behaviours(Protocol):
    """Where behaviours are kept."""

    def record(self, behaviour: Behaviour, /) -> bool:
        """Store a behaviour; False when it was stored before."""

    def fetch(self, subject: str, position: str, /) -> Behaviour | None:
        """Return a behaviour."""


@dataclass(frozen=True)
class Rejected:
    """One event of a call that was not accepted, and why."""

    index: int
    event: Any
    error: BadEventError


def receive_track(
    source: str,
    messages: Iterable[tuple[object, Any]],
    now: datetime,
    behaviours: Behaviours = BehaviourRow,
    keep: Callable[[list[dict[str, Any]]], None] = rejects.keep,
) -> list[Rejected]:
    """Store the messages of one call, each with its kind, and return those that are bad.

    The good ones come first, in their order: to store one again changes nothing. The bad ones go to their queue last,
    since a message twice on a queue is a message twice. A crash anywhere, or trouble that passes through here, is
    cured by sending the whole call again.
    """
    rejected = []
    for index, (kind, raw) in enumerate(messages):
        try:
            store(source, read_message(kind, raw, now), raw, now, behaviours)
        except BadEventError as error:
            rejected.append(Rejected(index, raw, error))
    if rejected:
        keep([kept(source, one, now) for one in rejected])
    return rejected


def store(source: str, message: Message, raw: dict[str, Any], now: datetime, behaviours: Behaviours) -> None:
    """Store a message's behaviour."""
    event_id = id_of(message, raw, source)
    occurred_at = message.moment or first_arrival(message, event_id, source, now, behaviours)
    behaviour = behaviour_of(message, event_id, source, occurred_at, now)
    noted("event", behaviours.record(behaviour), behaviour.key)


def first_arrival(message: Message, event_id: str, source: str, now: datetime, behaviours: Behaviours) -> datetime:
    """Return when a message without a time of its own came for the first time.

    Its time is part of its key, and must be the same when it is sent again. So a receipt is stored first, at the
    beginning of time, where it is found without knowing when: whoever stores it first sets the time, and after a
    crash before the behaviour is stored the next delivery stores that with the receipt's time. Its kind is the
    account's, which no stream consumer reads. A message without an id is not known again, and needs no receipt.
    """
    if not message.message_id:
        return now
    receipt = Behaviour(
        subject=message.subject,
        occurred_at=BEGINNING,
        id=f"receipt-{event_id}",
        name="chaoxi.receipt",
        kind="account",
        account=source,
        source=SOURCE,
        received_at=now,
    )
    if behaviours.record(receipt):
        return now
    first = behaviours.fetch(receipt.subject, receipt.position)
    return first.received_at if first else now


def kept(source: str, rejected: Rejected, now: datetime) -> dict[str, Any]:
    """Return what is kept of a bad event."""
    return {
        "source": source,
        "received_at": now.isoformat(),
        "reason": str(rejected.error),
        "field": rejected.error.field,
        "event": rejected.event,
    }
