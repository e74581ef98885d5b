"""What lands on somebody's phone."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

JSON = dict[str, Any]


@dataclass(frozen=True)
class Content:
    """A text and up to nine attachments, as the platform accepted them."""

    text: str = ""
    attachments: tuple[JSON, ...] = ()

    def as_json(self) -> JSON:
        """Return the fields `text` and `attachments` as the platform lists them."""
        return {"text": {"content": self.text}, "attachments": list(self.attachments)}


@dataclass(frozen=True)
class Message:
    """One delivery: its text and each attachment show as bubbles of their own."""

    at: datetime
    sender: str
    source: str
    """`welcome`, `group_send`, `app` (to staff) or `service` (of an Official Account)."""
    content: Content
    msgid: str = ""
    raw: JSON = field(default_factory=dict)
    """The whole request, where the message is of a kind that has no text."""
