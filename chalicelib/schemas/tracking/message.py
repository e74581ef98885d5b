"""The messages of the tracking API. What the descriptions say is the API's reference."""

from abc import ABC, abstractmethod
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, StringConstraints, model_validator

from chalicelib.schemas.foreign import Foreign
from chalicelib.schemas.tracking.identities import ExternalId

RESERVED = ("wecom.", "oa.", "chaoxi.")
EXPECTED_TIME = "a time is written in ISO 8601, e.g. 2026-11-22T10:00:00.000Z"
RESERVED_NAMES = ("identify", "page", "screen", "group", "alias")


def parse_moment(value: object) -> object:
    """Return the instant of ISO 8601 text, in UTC where it names no zone. A bare number would be a guess."""
    if value is None or value == "":
        return None
    if not isinstance(value, str) or "-" not in value:
        raise ValueError(EXPECTED_TIME)
    try:
        moment = datetime.fromisoformat(value)
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        raise ValueError(EXPECTED_TIME) from None


def or_empty(empty: Callable[[], object]) -> Callable[[object], object]:
    """Return a reading of null as something empty: SDKs write it for what they were not given."""
    return lambda value: empty() if value is None else value


def blank_is_none(value: object) -> object:
    """Return None for empty text."""
    return None if value == "" else value


Identifier = Annotated[str, StringConstraints(min_length=1, max_length=256)]
OptionalId = Annotated[Identifier | None, BeforeValidator(blank_is_none)]
Properties = Annotated[dict[str, Any], BeforeValidator(or_empty(dict))]
Moment = Annotated[datetime | None, BeforeValidator(parse_moment)]


class Lenient(Foreign):
    """What integrators send: Segment lets them add fields of their own, which are ignored."""


class Context(Lenient):
    """What is known beside the event."""

    external_ids: Annotated[tuple[ExternalId, ...], BeforeValidator(or_empty(tuple))] = Field(
        (), alias="externalIds", description="Further identities of the same person, which are then one customer."
    )
    traits: Properties = Field({}, description="What is known of the person; an identify takes them as its own.")


class Message(Lenient, ABC):
    """What all messages have in common. At least one of userId and anonymousId is needed."""

    message_id: OptionalId = Field(
        None,
        alias="messageId",
        description="Names the event: sent twice, it is stored once. Made from the content when it is missing.",
    )
    user_id: OptionalId = Field(
        None, alias="userId", description="The person in the sender's own database, up to 256 characters."
    )
    anonymous_id: OptionalId = Field(
        None, alias="anonymousId", description="The device or browser of a person who is not known yet."
    )
    timestamp: Moment = Field(
        None,
        description="When it happened, ISO 8601, taken as it is; no more than 1 hour ahead and 365 days ago. "
        "Without it and originalTimestamp, when the event first arrived.",
    )
    original_timestamp: Moment = Field(
        None, alias="originalTimestamp", description="Used where there is no timestamp, as in RudderStack's SDKs."
    )
    context: Annotated[Context, BeforeValidator(or_empty(dict))] = Field(
        Context(), description="What is known beside the event; only externalIds and traits are used."
    )

    @model_validator(mode="after")
    def has_person(self) -> "Message":
        """Raise ValueError for an event of nobody."""
        if not self.user_id and not self.anonymous_id:
            raise ValueError("userId or anonymousId is needed")
        return self

    @property
    def moment(self) -> datetime | None:
        """When it happened, as the sender says."""
        return self.timestamp or self.original_timestamp

    @property
    def subject(self) -> str:
        """The identity that it is stored under."""
        return f"user:{self.user_id}" if self.user_id else f"anonymous:{self.anonymous_id}"

    @property
    def also(self) -> tuple[str, ...]:
        """Further identities of the same person."""
        device = f"anonymous:{self.anonymous_id}" if self.user_id and self.anonymous_id else None
        named = (device, *(known.identity for known in self.context.external_ids))
        return tuple(dict.fromkeys(identity for identity in named if identity))

    @property
    @abstractmethod
    def behaviour(self) -> str:
        """The name of the behaviour."""

    @property
    @abstractmethod
    def facts(self) -> dict[str, Any]:
        """The properties of the behaviour."""


class Track(Message):
    """Something that a person did."""

    event: Annotated[str, StringConstraints(min_length=1, max_length=128)] = Field(
        description="What it is called, up to 128 characters; not `wecom.…`, `oa.…`, `chaoxi.…` nor a call's name."
    )
    properties: Properties = Field({}, description="Anything about it; rules ask for them by name.")

    @model_validator(mode="after")
    def is_own_name(self) -> "Track":
        """Raise ValueError for a name that says who else reported it."""
        if self.event.startswith(RESERVED) or self.event in RESERVED_NAMES:
            raise ValueError("this event name is reserved")
        return self

    @property
    def behaviour(self) -> str:
        """The event's own name."""
        return self.event

    @property
    def facts(self) -> dict[str, Any]:
        """Its properties as they came."""
        return self.properties
