"""The write key of a call."""

from base64 import b64decode
from collections.abc import Mapping
from typing import Any

from chalicelib.schemas.tracking.refused import RefusedCallError


def key_in_headers(headers: Mapping[str, str]) -> str | None:
    """Return the write key of Basic authentication: its user name, whatever the password. None without a header.

    Raises RefusedCallError for another scheme and for what is not base64.
    """
    header = next((value for name, value in headers.items() if name.lower() == "authorization"), None)
    if header is None:
        return None
    scheme, _, encoded = header.strip().partition(" ")
    try:
        user = b64decode(encoded.strip(), validate=True).decode().partition(":")[0]
    except ValueError:
        user = ""
    if scheme.lower() != "basic" or not user:
        raise wrong_key()
    return user


def key_in_body(fields: Mapping[str, Any]) -> str:
    """Return the write key that browser SDKs put into the body. Raises RefusedCallError when there is none."""
    key = fields.get("writeKey")
    if not isinstance(key, str) or not key:
        raise wrong_key()
    return key


def wrong_key() -> RefusedCallError:
    """Return the one error for every key that is not valid."""
    return RefusedCallError("wrong_key", "the write key is missing or not valid")
