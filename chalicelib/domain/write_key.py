"""Write keys: what a source of behaviours proves itself with.

A key is `{source}.{secret}`, so that it names the one row to compare it with. Only its hash is kept; the secret is
192 random bits, which no list of hashes can be searched for, so the hash needs no salt.
"""

import hashlib
import hmac
import re
import secrets
from datetime import datetime, timedelta

from chalicelib.domain.value import Value

SOURCE = re.compile(r"[a-z0-9-]{1,32}")


class KeyHash(Value):
    """One key of a source. It is valid until `expires_at`; None: until it is replaced."""

    sha256: str
    created_at: datetime
    expires_at: datetime | None = None


class SourceKeys(Value):
    """The keys of one source: its present one, and those that are being phased out."""

    source: str
    keys: tuple[KeyHash, ...] = ()

    def accepts(self, key: str, now: datetime) -> bool:
        """Whether a key is one of the source's. Compares with all of them, so that time tells nothing."""
        found = [hmac.compare_digest(hashed(key), known.sha256) for known in self.valid(now)]
        return any(found)

    def valid(self, now: datetime) -> tuple[KeyHash, ...]:
        """Return the keys that have not expired."""
        return tuple(known for known in self.keys if known.expires_at is None or known.expires_at > now)

    def rotated(self, key: str, now: datetime, grace: timedelta) -> "SourceKeys":
        """Return the keys with a new one; the others expire when the grace period is over, if not before."""
        old = tuple(known.model_copy(update={"expires_at": earliest(known, now + grace)}) for known in self.valid(now))
        return SourceKeys(source=self.source, keys=(*old, KeyHash(sha256=hashed(key), created_at=now)))


def earliest(known: KeyHash, end: datetime) -> datetime:
    """Return when a key expires, at `end` or sooner."""
    return min(known.expires_at or end, end)


def new_key(source: str) -> str:
    """Return a new key of a source. Raises ValueError when the source's name is not `[a-z0-9-]{1,32}`."""
    if not SOURCE.fullmatch(source):
        raise ValueError("a source's name is 1 to 32 lower-case letters, digits and hyphens")
    return f"{source}.{secrets.token_urlsafe(24)}"


def source_of(key: str) -> str | None:
    """Return the source that a key names; None when it names none."""
    source, point, _ = key.partition(".")
    return source if point and SOURCE.fullmatch(source) else None


def hashed(key: str) -> str:
    """Return what is kept of a key."""
    return hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()
