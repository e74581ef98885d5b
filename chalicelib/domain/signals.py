"""Counting what a customer does, in a row that stays small. The order of arrival does not matter."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from chalicelib.domain.customer import Signal
from chalicelib.domain.timing import A_DAY

RECENT = 50
DAYS = 92


def record(signal: Signal | None, at: datetime, zone: ZoneInfo) -> Signal:
    """Return a signal after one more moment, of which the newest 50 and the counts of the newest 92 days are kept."""
    at = at.astimezone(UTC)
    before = signal or Signal(first_at=at, last_at=at)
    day = at.astimezone(zone).date().isoformat()
    days = {**before.days, day: before.days.get(day, 0) + 1}
    return before.model_copy(update={
        "first_at": min(before.first_at, at),
        "last_at": max(before.last_at, at),
        "recent": tuple(sorted((*before.recent, at))[-RECENT:]),
        "days": {name: days[name] for name in sorted(days)[-DAYS:]},
        "total": before.total + 1,
    })


def count(signal: Signal | None, within: timedelta | None, now: datetime, zone: ZoneInfo) -> int:
    """Return how often something happened up to now: within a span, or in all (None).

    A span of whole days is that many calendar days, today included. Any other is elapsed time, its beginning
    included, and counts at most 50.
    """
    if signal is None:
        return 0
    if within is None:
        return signal.total
    if within % A_DAY:
        return sum(now - within <= moment <= now for moment in signal.recent)
    today = now.astimezone(zone).date()
    first = today - within + A_DAY
    return sum(number for day, number in signal.days.items() if first.isoformat() <= day <= today.isoformat())
