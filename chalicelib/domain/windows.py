"""When a window is open, and the next moment at which something may be sent."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from chalicelib.domain.playbook.timing import WEEKDAYS, Window
from chalicelib.domain.timing import A_DAY, local_moment

HORIZON = timedelta(days=8)


def openings(window: Window, moment: datetime, zone: ZoneInfo, days: range) -> Iterator[tuple[datetime, datetime]]:
    """Yield [opening, closing) in UTC for each local day, counted from the moment's, on which a window opens."""
    today = moment.astimezone(zone).date()
    nights = 0 if window.start < window.end else 1
    for number in days:
        day = today + number * A_DAY
        if WEEKDAYS[day.weekday()] in window.days:
            yield local_moment(day, window.start, zone), local_moment(day + nights * A_DAY, window.end, zone)


def is_open(window: Window, moment: datetime, zone: ZoneInfo) -> bool:
    """Whether a window is open at a moment. It opens on the weekday of its start, however long after midnight it is."""
    # Clocks that go back at midnight return to a day whose next day's window has opened: hence tomorrow's.
    return any(start <= moment < end for start, end in openings(window, moment, zone, range(-1, 2)))


def is_allowed(windows: Sequence[Window], quiet: Sequence[Window], moment: datetime, zone: ZoneInfo) -> bool:
    """Whether a moment is inside any of the windows (no windows: always) and outside all quiet hours."""
    inside = not windows or any(is_open(window, moment, zone) for window in windows)
    return inside and not any(is_open(hours, moment, zone) for hours in quiet)


def next_allowed(
    windows: Sequence[Window], quiet: Sequence[Window], moment: datetime, zone: ZoneInfo
) -> datetime | None:
    """Return the first allowed moment from a moment on, itself included; None when eight days have none."""
    moment = moment.astimezone(UTC)
    if is_allowed(windows, quiet, moment, zone):
        return moment
    days = range(-1, HORIZON.days + 2)
    starts = {start for window in windows for start, _ in openings(window, moment, zone, days)}
    ends = {end for hours in quiet for _, end in openings(hours, moment, zone, days)}
    turns = sorted(turn for turn in starts | ends if moment < turn <= moment + HORIZON)
    return next((turn for turn in turns if is_allowed(windows, quiet, turn, zone)), None)
