"""The body of a callback: XML, or JSON where the console of an account was set to it."""

import json
from codecs import BOM_UTF8
from typing import Any, NoReturn

from chalicelib.schemas.depth import is_deeper
from chalicelib.schemas.wechat.refused import RefusedCallbackError
from chalicelib.schemas.wechat.xml import MAX_DEPTH, parse_xml

MAX_BYTES = 1024 * 1024


def parse_body(body: bytes) -> dict[str, Any]:
    """Return a body's fields by name. Raises RefusedCallbackError."""
    if len(body) > MAX_BYTES:
        raise RefusedCallbackError("oversize")
    try:
        text = body.removeprefix(BOM_UTF8).decode().strip()
    except UnicodeDecodeError:
        raise RefusedCallbackError("encoding") from None
    if not text:
        raise RefusedCallbackError("empty")
    return parse_json(text) if text.startswith("{") else parse_xml(text)


def parse_json(text: str) -> dict[str, Any]:
    """Return the object that JSON holds, of Unicode text, finite numbers and no more levels than XML may have."""
    try:
        fields = json.loads(text, parse_constant=refuse_constant)
        json.dumps(fields, ensure_ascii=False, allow_nan=False).encode()
    except (ValueError, RecursionError):
        raise RefusedCallbackError("malformed") from None
    if is_deeper(fields, MAX_DEPTH):
        raise RefusedCallbackError("malformed")
    return dict(fields)


def refuse_constant(name: str) -> NoReturn:
    """Refuse NaN and Infinity, which are no JSON."""
    raise ValueError(name)


def ciphertext_in(fields: dict[str, Any]) -> str:
    """Return the encrypted part of an envelope, whose JSON form spells its names in more than one way.

    A clear part beside it (the console's "compatible mode") is never read, for nothing vouches for it; without an
    encrypted part the callback is refused.
    """
    encrypted = next((value for name, value in fields.items() if name.lower() == "encrypt"), None)
    if encrypted is None:
        raise RefusedCallbackError("clear")
    if not isinstance(encrypted, str) or not encrypted:
        raise RefusedCallbackError("malformed")
    return encrypted
