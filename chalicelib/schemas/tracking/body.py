"""The body of a call: JSON, gzipped or not."""

import json
import zlib
from typing import Any, NoReturn

from chalicelib.schemas.depth import is_deeper
from chalicelib.schemas.tracking.refused import BadEventError, RefusedCallError

MAX_BODY = 500 * 1024
MAX_EVENT = 32 * 1024
MAX_EVENTS = 500
MAX_LEVELS = 32
GZIP = b"\x1f\x8b"
GZIP_WINDOW = 31


def read_body(body: bytes) -> dict[str, Any]:
    """Return the object of a call. The gateway may have unzipped it already, so its own bytes tell.

    Raises RefusedCallError.
    """
    plain = unzip(body) if body.startswith(GZIP) else body
    if len(plain) > MAX_BODY:
        raise RefusedCallError("too_large", "a call may hold 500 KB")
    try:
        fields = json.loads(plain, parse_constant=refuse_constant)
    except (ValueError, RecursionError):
        raise RefusedCallError("malformed", "the body is not JSON") from None
    if not isinstance(fields, dict) or is_deeper(fields, 4 * MAX_LEVELS):
        raise RefusedCallError("malformed", "the body is not an object, or one that is nested too deeply")
    return fields


def unzip(body: bytes) -> bytes:
    """Return what is in gzip; a byte more than allowed is enough to know, however much there is."""
    stream = zlib.decompressobj(GZIP_WINDOW)
    try:
        plain = stream.decompress(body, MAX_BODY + 1)
    except zlib.error:
        raise RefusedCallError("malformed", "the body is not gzip") from None
    if len(plain) <= MAX_BODY and not stream.eof:
        raise RefusedCallError("malformed", "the gzip of the body is cut off")
    return plain


def messages_in(fields: dict[str, Any]) -> list[Any]:
    """Return the messages of a batch, each with the batch's context where it has none of its own.

    Raises RefusedCallError.
    """
    messages = fields.get("batch")
    if not isinstance(messages, list):
        raise RefusedCallError("malformed", "batch is not a list")
    if len(messages) > MAX_EVENTS:
        raise RefusedCallError("too_large", "a batch may hold 500 events")
    context = fields.get("context")
    return [in_context(message, context) for message in messages] if isinstance(context, dict) else messages


def in_context(message: Any, context: dict[str, Any]) -> Any:
    """Return a message with its batch's context beneath its own."""
    if not isinstance(message, dict) or not isinstance(message.get("context") or {}, dict):
        return message
    return {**message, "context": {**context, **(message.get("context") or {})}}


def check_size(message: object) -> dict[str, Any]:
    """Return a message that is an object of at most 32 KB and 32 levels of Unicode text. Raises BadEventError.

    JSON can say 1e999, which no number here can be: it would be stored as nothing at all.
    """
    if not isinstance(message, dict):
        raise BadEventError("an event is an object")
    if is_deeper(message, MAX_LEVELS):
        raise BadEventError(f"nested deeper than {MAX_LEVELS} levels")
    try:
        size = len(json.dumps(message, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode())
    except UnicodeEncodeError:
        raise BadEventError("half of a surrogate pair is no text") from None
    except ValueError:
        raise BadEventError("a number is too large to be kept") from None
    if size > MAX_EVENT:
        raise BadEventError("an event may hold 32 KB", code="too_large")
    return message


def refuse_constant(name: str) -> NoReturn:
    """Refuse NaN and Infinity, which are no JSON."""
    raise ValueError(name)
