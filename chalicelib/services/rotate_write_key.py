"""Give a source of behaviours a new write key, or a reader of costs a new read key."""

from datetime import datetime, timedelta

from chalicelib.domain.write_key import new_key
from chalicelib.models.write_keys import WRITE, Kind, change_keys

GRACE = timedelta(days=7)


def rotate_write_key(source: str, now: datetime, grace: timedelta = GRACE, kind: Kind = WRITE) -> str:
    """Return the source's new key, which nobody can read again. An unknown source becomes known by it.

    The keys so far stay valid for the grace period, 0 ending them at once. The one write comes before the answer: a
    crash in between leaves a key that nobody knows and the old one in its grace period, and rotating again helps.
    Raises ValueError for a name that no source can have, ConflictError when somebody else rotates at this moment.
    """
    key = new_key(source)
    change_keys(source, lambda keys: keys.rotated(key, now, grace), kind)
    return key
