"""A span of whole days in UTC, which is what the ledger's days are."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

MONTH = re.compile(r"\d{4}-(0[1-9]|1[0-2])")


@dataclass(frozen=True)
class Period:
    """Days from `first` to `last`, both included. Raises ValueError when the first comes after the last."""

    first: date
    last: date

    def __post_init__(self) -> None:
        if self.first > self.last:
            raise ValueError(f"{self.first} comes after {self.last}: give the earlier day first")

    def __str__(self) -> str:
        return str(self.first) if self.first == self.last else f"{self.first} to {self.last}"

    def __contains__(self, moment: datetime) -> bool:
        return self.begins_at <= moment < self.ends_at

    @property
    def days(self) -> Iterator[date]:
        """Every day of it, in order."""
        return (self.first + timedelta(days=number) for number in range((self.last - self.first).days + 1))

    @property
    def begins_at(self) -> datetime:
        """Its first instant."""
        return datetime.combine(self.first, time(), UTC)

    @property
    def ends_at(self) -> datetime:
        """The first instant after it."""
        return datetime.combine(self.last + timedelta(days=1), time(), UTC)


def month_called(text: str) -> Period:
    """Return the month that `2026-11` names. Raises ValueError for anything else."""
    if not MONTH.fullmatch(text):
        raise ValueError(f"'{text}' is no month: write year and month, e.g. 2026-11")
    first = date.fromisoformat(f"{text}-01")
    return Period(first, (first + timedelta(days=31)).replace(day=1) - timedelta(days=1))


def month_of(moment: datetime) -> str:
    """Return the month of an instant in UTC: `2026-11`."""
    return f"{moment.astimezone(UTC):%Y-%m}"
