"""Find out who sends behaviours."""

from datetime import datetime

from chalicelib.domain.write_key import source_of
from chalicelib.models.write_keys import fetch_keys
from chalicelib.schemas.tracking.credentials import wrong_key


def authenticate_source(key: str, now: datetime) -> str:
    """Return the source whose write key this is. Raises RefusedCallError when it is nobody's, or no longer."""
    source = source_of(key)
    keys = fetch_keys(source) if source else None
    if not source or not keys or not keys.accepts(key, now):
        raise wrong_key()
    return source
