"""One HTTP answer."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, is_dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True)
class Reply:
    """Status, type and body."""

    body: bytes
    status: int = 200
    content_type: str = "text/html; charset=utf-8"
    headers: Mapping[str, str] = field(default_factory=dict)


def json_reply(value: Any, status: int = 200) -> Reply:
    """Return a value as JSON: dataclasses as objects, moments in ISO 8601, sets as lists."""
    body = json.dumps(value, ensure_ascii=False, default=_plain).encode("utf-8", "replace")
    return Reply(body, status, "application/json; charset=utf-8")


def redirect(to: str) -> Reply:
    """Send a browser elsewhere after a form."""
    return Reply(b"", 303, headers={"Location": to})


def _plain(value: Any) -> Any:
    if is_dataclass(value):
        return {each.name: getattr(value, each.name) for each in fields(value)}
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, set | frozenset | tuple):
        return list(value)
    return str(value)
