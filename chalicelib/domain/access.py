"""Access to a platform: a shared token, and when it is wiser not to call."""

from datetime import datetime, timedelta

from chalicelib.domain.value import Value

EARLY = timedelta(minutes=5)
MINUTE_LIMIT = timedelta(minutes=1)
HOUR_LIMIT = timedelta(hours=1)
SOON_AGAIN = timedelta(minutes=5)
SUSPENSION = timedelta(hours=1)
STILL_WRONG = timedelta(days=1)


class Access(Value):
    """What all callers share under one name: an account, or one API of it (`{account}/{api}`).

    `version` counts the tokens that it has had. `leased_until`: somebody is fetching the next one till then.
    `held_until`: the platform wants no call before; where `refused` stands, only with the secret of that mark.
    """

    name: str
    token: str | None = None
    expires_at: datetime | None = None
    version: int = 0
    leased_until: datetime | None = None
    held_until: datetime | None = None
    refused: str | None = None

    def is_held(self, now: datetime, mark: str | None = None) -> bool:
        """Whether no call may be made with the secret of a mark."""
        is_over = self.held_until is None or now >= self.held_until
        return not is_over and (self.refused is None or self.refused == mark)

    def lives(self, now: datetime, margin: timedelta = timedelta(0)) -> bool:
        """Whether the token is good for longer than `margin`."""
        return self.token is not None and self.expires_at is not None and now + margin < self.expires_at


def cooled_until(before: datetime | None, now: datetime) -> datetime:
    """Return when to call again after a frequency limit, whose window the answer does not name.

    `before` is the end of the wait before this one. It is taken for the limit of a minute; if that wait did not
    help, for the limit of an hour.
    """
    is_stubborn = before is not None and now - before < SOON_AGAIN
    return now + (HOUR_LIMIT if is_stubborn else MINUTE_LIMIT)


def suspended_until(access: Access, mark: str, now: datetime) -> datetime:
    """Return when to try a secret again that the platform has turned down.

    Another secret may be tried at once. The same one may become good, when an app is switched on again: it is tried
    after an hour, and then once a day, because repeated wrong secrets ban our address for all accounts.
    """
    return now + (STILL_WRONG if access.refused == mark else SUSPENSION)
