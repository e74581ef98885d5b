"""What every part of a playbook has in common."""

import re
from datetime import date, time, timedelta
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, PlainSerializer, StringConstraints

SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400, "w": 604800}
WRITTEN = re.compile(r"(-?[0-9]{1,9})([smhdw])")
LONGEST = timedelta(days=3660)
CLOCK = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9])?")
DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


class Strict(BaseModel):
    """An immutable part of a playbook. An unknown field is an error, not a silent wish."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True, allow_inf_nan=False)


def parse_duration(text: object) -> timedelta:
    """Return the timedelta of text such as `36h`, `-3d`, `90s`.

    Raises ValueError for anything else, a bare number included: its unit would be a guess.
    """
    if isinstance(text, timedelta):
        return text
    found = WRITTEN.fullmatch(str(text))
    if found is None:
        raise ValueError(f"'{text}' is not a duration: write a whole number and a unit, e.g. 90m, 36h, 7d")
    seconds = int(found[1]) * SECONDS[found[2]]
    if abs(seconds) > LONGEST.total_seconds():
        raise ValueError(f"'{text}' is longer than ten years (3660d): write a shorter duration")
    return timedelta(seconds=seconds)


def write_duration(duration: timedelta) -> str:
    """Return the shortest text that parses back to the same duration."""
    seconds = int(duration.total_seconds())
    for size, unit in ((86400, "d"), (3600, "h"), (60, "m")):
        if seconds % size == 0:
            return f"{seconds // size}{unit}"
    return f"{seconds}s"


def parse_clock(text: object) -> time:
    """Return the time of day of `20:30` or `20:30:15`. Raises ValueError for anything else: 2030 could be seconds."""
    if isinstance(text, time):
        return text
    if not CLOCK.fullmatch(str(text)):
        raise ValueError(f"'{text}' is not a time of day: write hours and minutes, e.g. 07:00 (midnight is 00:00)")
    return time.fromisoformat(str(text))


def parse_day(text: object) -> date:
    """Return the date of `2027-02-06`. Raises ValueError for anything else: 2027 could be seconds."""
    if isinstance(text, date):
        return text
    if not DAY.fullmatch(str(text)):
        raise ValueError(f"'{text}' is not a date: write year-month-day, e.g. 2027-02-06")
    return date.fromisoformat(str(text))


def listed(value: object) -> object:
    """Return one thing as a list of it, so that nobody has to write a list of one."""
    return [value] if isinstance(value, str | dict | BaseModel) else value


Duration = Annotated[timedelta, BeforeValidator(parse_duration), PlainSerializer(write_duration)]
Clock = Annotated[time, BeforeValidator(parse_clock)]
Day = Annotated[date, BeforeValidator(parse_day)]
OneOrMore = BeforeValidator(listed)
Name = Annotated[str, StringConstraints(min_length=1, max_length=64, pattern=r"^[^\s#/][^#/]*$")]
