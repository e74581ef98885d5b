"""How often and how many at once: per corp and API."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from infra.local.wecom.errors import PlatformError

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
MONTH = timedelta(days=30)


@dataclass
class Window:
    """A count over one period. Going over it shuts the door for as long as the period itself."""

    opened_at: datetime
    count: int = 0
    shut_until: datetime | None = None

    def admit(self, now: datetime, most: int, period: timedelta) -> bool:
        """Count one call and return whether it may pass."""
        if self.shut_until is not None and now < self.shut_until:
            return False
        if self.shut_until is not None or now - self.opened_at >= period:
            self.opened_at, self.count, self.shut_until = now, 0, None
        self.count += 1
        if self.count <= most:
            return True
        self.shut_until = now + period
        return False


@dataclass
class Limits:
    """All windows, and the calls in flight."""

    windows: dict[tuple[str, str, timedelta], Window] = field(default_factory=dict)
    in_flight: Counter[tuple[str, str]] = field(default_factory=Counter)

    def admit(self, owner: str, what: str, now: datetime, limits: dict[timedelta, int]) -> bool:
        """Count one use in every window and return whether all have room."""
        verdicts = [
            self.windows.setdefault((owner, what, period), Window(now)).admit(now, most, period)
            for period, most in limits.items()
        ]
        return all(verdicts)

    def require(self, owner: str, what: str, now: datetime, limits: dict[timedelta, int]) -> None:
        """Raise 45009 when one window has no room."""
        if not self.admit(owner, what, now, limits):
            raise PlatformError(45009, what)
