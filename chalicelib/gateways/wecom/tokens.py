"""One token an account, shared by all workers; and the platform's wish not to be called, heeded by all."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol

from chalicelib.domain.access import EARLY, Access, cooled_until, suspended_until
from chalicelib.gateways.wecom.trouble import HeldError, NotSentError
from chalicelib.observability import count, logger

FRESH = timedelta(seconds=5)
LEASE = timedelta(seconds=10)
LOOK_SECONDS = 0.25
LOOKS = 48  # for two seconds longer than a lease

Clock = Callable[[], datetime]
Pause = Callable[[float], None]
Fetch = Callable[[], tuple[str, timedelta]]


class TokenStore(Protocol):
    """Where workers share accesses: chalicelib.models.tokens.TokenRow."""

    def fetch(self, name: str) -> Access:
        """Return what is stored, strongly consistent."""

    def lease(self, access: Access, now: datetime, until: datetime) -> bool:
        """Take the right to fetch the next token."""

    def renew(self, access: Access, token: str, expires_at: datetime) -> None:
        """Store the next token."""

    def hold(self, name: str, until: datetime, refused: str | None = None) -> None:
        """Keep everybody from calling until then; only those who have the secret of the mark `refused`, if given."""


@dataclass
class Tokens:
    """The accesses of a worker: a warm copy, at most five seconds old, of what all share."""

    store: TokenStore
    clock: Clock
    pause: Pause
    warm: dict[str, tuple[datetime, Access]] = field(default_factory=dict, repr=False)

    def require_open(self, account: str, api: str, mark: str) -> None:
        """Raise HeldError while the account, or one of its APIs, must not be called with the secret of a mark."""
        for name in (account, f"{account}/{api}"):
            access = self.access(name)
            if access.held_until and access.is_held(self.clock(), mark):
                raise HeldError(name, access.held_until)

    def token(self, account: str, fetch: Fetch, refused: str | None = None) -> str:
        """Return the account's token; another than `refused`, which the platform has just turned down.

        `fetch` asks the platform and returns a token and its lifetime. Raises NotSentError while another worker
        takes too long to fetch one.
        """
        for _ in range(LOOKS):
            access = self.access(account, is_stale_ok=refused is None)
            if access.token and access.token != refused and access.lives(self.clock(), EARLY):
                return access.token
            if token := self.fetched(access, fetch):
                return token
            if access.token and access.token != refused and access.lives(self.clock()):
                return access.token
            self.pause(LOOK_SECONDS)
        raise NotSentError(f"no token for {account} yet")

    def fetched(self, access: Access, fetch: Fetch) -> str | None:
        """Fetch and share the next token; None when another worker is at it, or was faster."""
        self.warm.pop(access.name, None)
        now = self.clock()
        if not self.store.lease(access, now, now + LEASE):
            return None
        token, lifetime = fetch()
        self.store.renew(access, token, now + lifetime)
        self.warm.pop(access.name, None)
        return token

    def suspend(self, account: str, mark: str) -> HeldError:
        """Stop all calls for an account until it has another secret: each wrong one counts towards our address's ban.

        `mark` stands for the secret that was turned down.
        """
        count("AccountSuspended")
        logger.error("the account's secret is wrong, so nothing is called for it", extra={"account": account})
        until = suspended_until(self.access(account, is_stale_ok=False), mark, self.clock())
        return self.hold(account, until, mark)

    def cool_down(self, account: str, api: str) -> HeldError:
        """Stop all calls of one API for an account."""
        count("WeComCooledDown")
        name = f"{account}/{api}"
        return self.hold(name, cooled_until(self.access(name).held_until, self.clock()))

    def hold(self, name: str, until: datetime, refused: str | None = None) -> HeldError:
        """Share a hold, and return the error that says so."""
        self.store.hold(name, until, refused)
        self.warm.pop(name, None)
        return HeldError(name, until)

    def access(self, name: str, is_stale_ok: bool = True) -> Access:
        """Return the shared access, from the warm copy when that may be up to five seconds old."""
        now = self.clock()
        read_at, access = self.warm.get(name, (None, None))
        if is_stale_ok and access and read_at and timedelta(0) <= now - read_at < FRESH:
            return access
        access = self.store.fetch(name)
        self.warm[name] = (now, access)
        return access
