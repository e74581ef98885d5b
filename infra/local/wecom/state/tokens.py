"""Access tokens, and what a wrong secret costs."""

import hashlib
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from infra.local.wecom.errors import PlatformError
from infra.local.wecom.rules import Rules


@dataclass
class Token:
    """One issued token; `revoked_as` is the errcode that it answers since it was revoked."""

    value: str
    account: str
    expires_at: datetime
    revoked_as: int = 0


@dataclass
class TokenDesk:
    """Issues tokens. Repeated calls return the same one while it lives."""

    issued: dict[str, Token] = field(default_factory=dict)
    current: dict[str, Token] = field(default_factory=dict)
    wrong_secrets: dict[str, list[datetime]] = field(default_factory=dict)
    banned_until: dict[str, datetime] = field(default_factory=dict)

    def issue(self, account: str, now: datetime, lifetime: timedelta, early: timedelta = timedelta(0)) -> Token:
        """Return the account's token, a new one when it has less than `early` to live."""
        token = self.current.get(account)
        if token is None or token.revoked_as or token.expires_at - early <= now:
            token = Token(_value(account, len(self.issued)), account, now + lifetime)
            self.issued[token.value] = self.current[account] = token
        return token

    def account_of(self, value: str) -> str | None:
        """Return whose token it is or was."""
        token = self.issued.get(value)
        return token.account if token else None

    def check(self, value: str, now: datetime) -> str:
        """Return the account of a valid token; 41001, 40014 or 42001 otherwise."""
        if not value:
            raise PlatformError(41001)
        token = self.issued.get(value)
        if token is None:
            raise PlatformError(40014)
        if token.revoked_as:
            raise PlatformError(token.revoked_as, "revoked early")
        if token.expires_at <= now:
            raise PlatformError(42001)
        return token.account

    def revoke(self, account: str, errcode: int) -> None:
        """Make the account's tokens answer `errcode` from now on."""
        for token in self.issued.values():
            if token.account == account:
                token.revoked_as = errcode

    def refuse_banned(self, address: str, now: datetime) -> None:
        """Raise 45009 while the address is banned."""
        until = self.banned_until.get(address)
        if until is not None and now < until:
            raise PlatformError(45009, f"{address} is banned after repeated wrong secrets")

    def note_wrong_secret(self, address: str, now: datetime, rules: Rules) -> None:
        """Count a wrong secret; the address is banned when it has given too many."""
        recent = [moment for moment in self.wrong_secrets.get(address, ()) if now - moment < rules.ban]
        self.wrong_secrets[address] = [*recent, now]
        if len(recent) + 1 >= rules.wrong_secrets:
            self.banned_until[address] = now + rules.ban


def _value(account: str, serial: int) -> str:
    """Return a token as long as real ones, the same in every run."""
    digest = hashlib.sha512(f"{account}/{serial}".encode()).hexdigest()
    return f"{digest}{digest[::-1]}"[:214]
