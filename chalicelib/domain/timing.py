"""When a step is due. The language is in domain/playbook/timing.py; this is its arithmetic."""

from bisect import bisect_left
from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from zoneinfo import ZoneInfo

from chalicelib.domain.anniversary import Anniversary, read_anniversary
from chalicelib.domain.customer import Scalar
from chalicelib.domain.playbook.timing import WEEKDAYS, Timing, Weekday
from chalicelib.domain.zones import zone_named

A_DAY = timedelta(days=1)


def zone_of(name: str | None, fallback: str) -> ZoneInfo:
    """Return the zone of a name, or the fallback's when the name is unknown, invalid or missing.

    Raises KeyError or ValueError when the fallback, which playbooks validate, is no zone either.
    """
    return (zone_named(name) if name else None) or ZoneInfo(fallback)


def local_moment(day: date, at: time, zone: ZoneInfo) -> datetime:
    """Return the UTC instant of a wall-clock time: the first where DST repeats it, the gap's end where DST skips it."""
    local = datetime.combine(day, at, zone)
    instant = local.astimezone(UTC)
    exists = instant.astimezone(zone).replace(tzinfo=None) == local.replace(tzinfo=None)
    return instant if exists else end_of_gap(local)


def end_of_gap(skipped: datetime) -> datetime:
    """Return the UTC instant at which clocks jumped over a wall-clock time."""
    zone = skipped.tzinfo
    # Read with the offset after the jump it lies before the jump, and the other way round: the jump is between.
    before, after = skipped.replace(fold=1).astimezone(UTC), skipped.astimezone(UTC)
    seconds = range(int((after - before).total_seconds()) + 1)
    jump = bisect_left(seconds, True, key=lambda second: has_jumped(before + timedelta(seconds=second), after, zone))
    return before + timedelta(seconds=jump)


def has_jumped(moment: datetime, after: datetime, zone: tzinfo | None) -> bool:
    """Whether clocks show the offset of a later moment already."""
    return moment.astimezone(zone).utcoffset() == after.astimezone(zone).utcoffset()


def due_at(step: Timing, entered_at: datetime, zone: ZoneInfo, profile: Mapping[str, Scalar]) -> datetime | None:
    """Return the UTC instant at which a step is due for one who entered its stage at `entered_at`.

    None when its date is missing or unreadable. Two kinds can lie before the entry, and are then late from the
    beginning: `day: 1` at an hour that had passed, and `on:` a date with its year that had passed.
    """
    entered_at = entered_at.astimezone(UTC)
    if step.after is not None:
        return entered_at + step.after
    at = step.at or time.min
    entry_day = entered_at.astimezone(zone).date()
    if step.day is not None:
        return local_moment(entry_day + (step.day - 1) * A_DAY, at, zone)
    if step.next is not None:
        return next_weekday(step.next, at, entered_at, zone)
    return on_date(step, at, entered_at, zone, profile)


def next_weekday(weekday: Weekday, at: time, entered_at: datetime, zone: ZoneInfo) -> datetime:
    """Return the first instant strictly after the entry that is that weekday and time."""
    entry_day = entered_at.astimezone(zone).date()
    first = entry_day + (WEEKDAYS.index(weekday) - entry_day.weekday()) % 7 * A_DAY
    moment = local_moment(first, at, zone)
    return moment if moment > entered_at else local_moment(first + 7 * A_DAY, at, zone)


def on_date(
    step: Timing, at: time, entered_at: datetime, zone: ZoneInfo, profile: Mapping[str, Scalar]
) -> datetime | None:
    """Return the instant of a date, moved by the step's offset; None when there is no readable date.

    A date that the playbook spells out with its year is that one day. Every other comes again each year, and an
    attribute's not before its own year: the first one that is not before the entry counts.
    """
    literal = read_anniversary(step.on)
    anniversary = literal or read_anniversary(profile.get(step.on or ""))
    if anniversary is None:
        return None
    offset = step.offset or timedelta()
    moments = [
        local_moment(anniversary.in_year(year) + offset, at, zone)
        for year in years_of(anniversary, literal is not None, (entered_at - offset).year)
    ]
    return next((moment for moment in moments if moment >= entered_at), moments[0])


def years_of(anniversary: Anniversary, is_literal: bool, around: int) -> range:
    """Return the years in which a date may be the next one: its own, or those around the entry."""
    if is_literal and anniversary.year:
        return range(anniversary.year, anniversary.year + 1)
    first = max(anniversary.year or 0, around - 1)
    return range(first, first + 4)
