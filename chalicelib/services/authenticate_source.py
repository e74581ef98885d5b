"""Find out who calls: a source of behaviours by its write key, a reader of costs by its read key."""

from datetime import datetime

from chalicelib.domain.write_key import source_of
from chalicelib.models.write_keys import WRITE, Kind, fetch_keys
from chalicelib.schemas.tracking.credentials import wrong_key


def authenticate_source(key: str, now: datetime) -> str:
    """Return the source whose write key this is. Raises RefusedCallError when it is nobody's, or no longer."""
    source = holder_of(key, now)
    if source is None:
        raise wrong_key()
    return source


def holder_of(key: str, now: datetime, kind: Kind = WRITE) -> str | None:
    """Return whose key of a kind this is; None when it is nobody's, or no longer."""
    source = source_of(key)
    keys = fetch_keys(source, kind) if source else None
    return source if keys and keys.accepts(key, now) else None
