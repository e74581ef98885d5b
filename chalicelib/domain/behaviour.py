"""A behaviour: one thing that a customer did, or that happened to them."""

from datetime import UTC, datetime
from typing import Any, Literal

from pydantic import Field

from chalicelib.domain.value import Value

Kind = Literal["customer", "staff", "group", "tag", "account"]


def instant(moment: datetime) -> str:
    """Return an aware datetime as sortable text: `2026-11-22T10:00:00.000Z`."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


class Behaviour(Value):
    """One raw fact.

    `subject` is the identity that it came with (`wecom:{corp}:{external_userid}`); `also` are further
    identities of the same person that the source vouches for. `id` is derived from the source's own
    identification of the event, so that the same event is the same row.
    """

    subject: str
    occurred_at: datetime
    id: str
    name: str
    kind: Kind = "customer"
    account: str
    source: str
    received_at: datetime
    properties: dict[str, Any] = Field(default_factory=dict)
    also: tuple[str, ...] = ()
    staff: str | None = None
    welcome_code: str | None = None

    @property
    def position(self) -> str:
        """The range key: time first, so that a customer's story reads in order."""
        return f"{instant(self.occurred_at)}#{self.id}"

    @property
    def key(self) -> str:
        """What a `because` names: `{subject}/{position}`."""
        return f"{self.subject}/{self.position}"
