"""A content as WeCom's welcome and group-send calls take it."""

from typing import Any

from chalicelib.domain.playbook.content import Content


def wire_of(content: Content) -> dict[str, Any]:
    """Return the fields `text` and `attachments`; what is empty is left out."""
    attachments = [
        {"msgtype": each.type, each.type: each.model_dump(exclude={"type"}, exclude_none=True)}
        for each in content.attachments
    ]
    text = {"text": {"content": content.text}} if content.text else {}
    return text | ({"attachments": attachments} if attachments else {})
