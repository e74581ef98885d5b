"""Cursors: opaque, and good only for the query that gave them."""

import base64
import binascii
import hashlib
from collections.abc import Sequence
from typing import TypeVar

from infra.local.wecom.errors import PlatformError

Row = TypeVar("Row")


def page(rows: Sequence[Row], query: str, cursor: str, limit: int) -> tuple[list[Row], str]:
    """Return one page and the cursor of the next, empty at the end; 50100 for a cursor of another query."""
    start = _offset(cursor, query) if cursor else 0
    end = start + limit
    following = _cursor(query, end) if end < len(rows) else ""
    return list(rows[start:end]), following


def _cursor(query: str, offset: int) -> str:
    return base64.urlsafe_b64encode(f"{_mark(query)}:{offset}".encode()).decode()


def _offset(cursor: str, query: str) -> int:
    try:
        mark, _, offset = base64.urlsafe_b64decode(cursor.encode()).decode().partition(":")
        start = int(offset)
    except (ValueError, binascii.Error) as error:
        raise PlatformError(50100) from error
    if mark != _mark(query) or start < 0:
        raise PlatformError(50100)
    return start


def _mark(query: str) -> str:
    return hashlib.sha256(query.encode()).hexdigest()[:12]
