"""What workers share, in memory."""

import threading
from datetime import datetime

from chalicelib.domain.access import Access


class SharedTokens:
    """A token store for one process; its verbs settle races as the table's conditions do."""

    def __init__(self) -> None:
        self.rows: dict[str, Access] = {}
        self.lock = threading.Lock()

    def fetch(self, name: str) -> Access:
        """Return what is stored."""
        return self.rows.get(name, Access(name=name))

    def lease(self, access: Access, now: datetime, until: datetime) -> bool:
        """Take the right to fetch the next token."""
        with self.lock:
            stored = self.fetch(access.name)
            if stored.version != access.version or (stored.leased_until and stored.leased_until >= now):
                return False
            self.rows[access.name] = stored.model_copy(update={"leased_until": until})
            return True

    def renew(self, access: Access, token: str, expires_at: datetime) -> None:
        """Store the next token."""
        fresh = {"token": token, "expires_at": expires_at, "version": access.version + 1}
        over = {"leased_until": None, "held_until": None, "refused": None}
        with self.lock:
            self.rows[access.name] = self.fetch(access.name).model_copy(update=fresh | over)

    def hold(self, name: str, until: datetime, refused: str | None = None) -> None:
        """Keep everybody from calling until then."""
        with self.lock:
            held = {"held_until": until, "refused": refused, "leased_until": None}
            self.rows[name] = self.fetch(name).model_copy(update=held)
