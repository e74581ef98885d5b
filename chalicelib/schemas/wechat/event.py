"""What all of WeChat's events have in common."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, StringConstraints

from chalicelib.domain.behaviour import Kind
from chalicelib.schemas.foreign import Foreign

SYSTEM = "sys"
PREFIXES = {"wecom": "wecom", "official_account": "oa", "mini_program": "oa"}


@dataclass(frozen=True)
class Origin:
    """The touch-point account that an event came through. `receive_id` is its corp id or appid."""

    account: str
    kind: Literal["wecom", "official_account", "mini_program"]
    receive_id: str

    @property
    def prefix(self) -> str:
        """What the names of its behaviours begin with."""
        return PREFIXES[self.kind]


@dataclass(frozen=True)
class Facts:
    """What an event says, in Chaoxi's words."""

    name: str
    subject: str
    kind: Kind
    staff: str | None = None
    welcome_code: str | None = None
    also: tuple[str, ...] = ()


def blank_is_none(value: object) -> object:
    """Return None for an element that is there and empty."""
    return None if value == "" else value


def as_list(value: object) -> object:
    """Return a list where WeChat sends one entry bare and several as a list."""
    if value is None or value == "":
        return []
    return value if isinstance(value, list) else [value]


def moment(value: object) -> datetime:
    """Return the instant of a Unix time in seconds, which may come as text."""
    try:
        return datetime.fromtimestamp(int(str(value)), UTC)
    except (OverflowError, OSError):
        raise ValueError("no time of this era") from None


Id = Annotated[str, StringConstraints(min_length=1, max_length=128)]
Text = Annotated[str | None, BeforeValidator(blank_is_none)]
Number = Annotated[int | None, BeforeValidator(blank_is_none)]
Texts = Annotated[tuple[str, ...], BeforeValidator(as_list)]
Moment = Annotated[datetime, BeforeValidator(moment)]


class EventPayload(Foreign):
    """An event's fields. WeChat adds some without notice, so unknown ones are ignored.

    A field that is not `exclude`d becomes a property of the behaviour, under its name here.
    """

    created_at: Moment = Field(alias="CreateTime", exclude=True, description="When it happened, in whole seconds.")
    event: str = Field("", alias="Event", exclude=True, description="The event's name; empty for a message.")

    def facts(self, origin: Origin) -> Facts:
        """Return what the event says: unless a kind of event knows better, something about the account."""
        return Facts(f"{origin.prefix}.{self.event.lower()}", f"account:{origin.account}", "account")

    @property
    def properties(self) -> dict[str, Any]:
        """What rules may ask about."""
        return self.model_dump(mode="json", exclude_defaults=True)
