"""A day of the calendar, with or without its year, as people write birthdays and festivals."""

import re
from datetime import date
from typing import NamedTuple

WRITTEN = re.compile(
    r"(?:(?P<year>(?:18|19|20|21)\d\d)(?P<dash>-?))?"
    r"(?P<month>\d\d)(?(dash)(?P=dash)|-)(?P<day>\d\d)(?:[T ].*)?",
    re.ASCII,
)
A_LEAP_YEAR = 2000


class Anniversary(NamedTuple):
    """A month and a day; `year` is the first one of it, None when nobody said."""

    year: int | None
    month: int
    day: int

    def in_year(self, year: int) -> date:
        """Return the day in a year: the 29th of February is the 28th in years without one."""
        if (self.month, self.day) == (2, 29) and not is_leap(year):
            return date(year, 2, 28)
        return date(year, self.month, self.day)


def is_leap(year: int) -> bool:
    """Whether a year has a 29th of February."""
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)


def read_anniversary(written: object) -> Anniversary | None:
    """Return the day of `1990-02-14`, `19900214`, `1990-02-14T08:00:00Z` or `02-14`; None for anything else.

    Years before 1800 and after 2199 are not read: they are the zero dates of some database.
    """
    if isinstance(written, bool) or not isinstance(written, str | int):
        return None
    found = WRITTEN.fullmatch(str(written).strip())
    if found is None:
        return None
    year, month, day = (int(part) if part else None for part in found.group("year", "month", "day"))
    return existing(year, month or 0, day or 0)


def existing(year: int | None, month: int, day: int) -> Anniversary | None:
    """Return the day, unless the calendar has none of that number."""
    try:
        date(year or A_LEAP_YEAR, month, day)
    except ValueError:
        return None
    return Anniversary(year, month, day)
