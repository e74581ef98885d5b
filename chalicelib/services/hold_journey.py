"""Holding a journey whose budget is spent."""

from datetime import datetime, timedelta
from functools import lru_cache

from chalicelib.domain.costs.period import month_called
from chalicelib.domain.journey_pause import JourneyPause
from chalicelib.models import journey_pauses

FRESH = timedelta(seconds=60)


def hold_journey(journey: str, month: str, now: datetime) -> bool:
    """Hold a journey for the rest of a month (UTC); False when that month is over, or it was held in it before.

    One conditional write: of many that try at once one makes it, and trying again changes nothing. A pause that an
    operator lifted stays lifted. Raises ConflictError when somebody else changes the journey's pause meanwhile.
    """
    before = journey_pauses.pause_of(journey)
    until = month_called(month).ends_at
    if now >= until or (before and before.month >= month):
        return False
    journey_pauses.store(JourneyPause(journey=journey, month=month, since=now, until=until), before)
    return True


def pause_holding(journey: str, now: datetime) -> JourneyPause | None:
    """Return the pause that holds a journey; None when it may go on.

    A warm function sees a new pause within a minute. One that holds is read again before it is acted upon, strongly
    consistent, so that nothing is held any more once an operator has lifted it.
    """
    if looked_up(journey, int(now.timestamp() // FRESH.total_seconds())) is None:
        return None
    pause = journey_pauses.pause_of(journey)
    return pause if pause and pause.holds(now) else None


@lru_cache(maxsize=64)
def looked_up(journey: str, interval: int) -> JourneyPause | None:
    """Return a journey's latest pause, read once an interval."""
    return journey_pauses.pause_of(journey)
