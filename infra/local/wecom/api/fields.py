"""Reading a request body as strictly as the platform does: types, presence, bytes and counts."""

import json
import re
from collections.abc import Mapping
from typing import Any

from infra.local.wecom.errors import PlatformError

ESCAPE = re.compile(rb"(?<!\\)(?:\\\\)*\\u[0-9a-fA-F]{4}")


class Fields:
    """A JSON object, and the reasons to refuse it."""

    def __init__(self, values: Mapping[str, Any]) -> None:
        self.values = dict(values)

    def text(self, name: str, *, missing: int = 40063, max_bytes: int = 0, too_long: int = 40058) -> str:
        """Return a text that must be there. Lengths are in bytes of UTF-8; 0 is no limit."""
        value = self.optional(name, max_bytes=max_bytes, too_long=too_long)
        if not value:
            raise PlatformError(missing, name)
        return value

    def optional(self, name: str, *, max_bytes: int = 0, max_chars: int = 0, too_long: int = 40058) -> str:
        """Return a text, or an empty one."""
        value = self.values.get(name, "")
        if not isinstance(value, str):
            raise PlatformError(40058, f"{name} must be a string")
        if max_bytes and len(value.encode("utf-8", "surrogatepass")) > max_bytes:
            raise PlatformError(too_long, f"{name} takes {max_bytes} bytes")
        if max_chars and len(value) > max_chars:
            raise PlatformError(too_long, f"{name} takes {max_chars} characters")
        return value

    def texts(self, name: str, most: int, too_many: int = 40058) -> list[str]:
        """Return a list of non-empty texts, or an empty list."""
        values = self.values.get(name) or []
        if not isinstance(values, list) or not all(isinstance(each, str) and each for each in values):
            raise PlatformError(40058, f"{name} must be a list of strings")
        if len(values) > most:
            raise PlatformError(too_many, f"{name} takes {most}")
        return values

    def number(self, name: str, default: int | None, low: int, high: int) -> int:
        """Return an integer in [low, high]; without a default it must be there."""
        value = self.values.get(name, default)
        if value is None:
            raise PlatformError(40063, name)
        if not isinstance(value, int) or isinstance(value, bool) or not low <= value <= high:
            raise PlatformError(40058, f"{name} must be an integer from {low} to {high}")
        return value

    def flag(self, name: str) -> bool:
        """Return a truth value; 0 and 1 count."""
        value = self.values.get(name, False)
        if value not in (True, False):
            raise PlatformError(40058, f"{name} must be a boolean")
        return bool(value)

    def object(self, name: str) -> "Fields | None":
        """Return an inner object."""
        value = self.values.get(name)
        if value is None:
            return None
        if not isinstance(value, dict):
            raise PlatformError(40058, f"{name} must be an object")
        return Fields(value)

    def objects(self, name: str, most: int, too_many: int = 40058) -> list["Fields"]:
        """Return a list of objects, or an empty list."""
        values = self.values.get(name) or []
        if not isinstance(values, list) or not all(isinstance(each, dict) for each in values):
            raise PlatformError(40058, f"{name} must be a list of objects")
        if len(values) > most:
            raise PlatformError(too_many, f"{name} takes {most}")
        return [Fields(each) for each in values]


def parse_body(body: bytes, refuse_escapes: bool) -> Fields:
    r"""Return the JSON object of a body; 40058 if it is none in UTF-8, 40033 if it holds \uXXXX."""
    try:
        values = json.loads(body.decode("utf-8"))
    except (ValueError, RecursionError) as error:
        raise PlatformError(40058, "body is not JSON in UTF-8") from error
    if not isinstance(values, dict):
        raise PlatformError(40058, "body must be an object")
    if refuse_escapes and ESCAPE.search(body):
        raise PlatformError(40033)
    return Fields(values)
