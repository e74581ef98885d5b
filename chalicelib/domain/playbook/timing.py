"""Time in a playbook: when a step is due, when a window is open. The arithmetic is in domain/timing.py."""

from typing import Annotated, Any, Literal, Self

from pydantic import Field, field_validator, model_validator

from chalicelib.domain.anniversary import read_anniversary
from chalicelib.domain.playbook.strict import Clock, Duration, OneOrMore, Strict

Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
WEEKDAYS: tuple[Weekday, ...] = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


class Window(Strict):
    """Local hours [start, end): may cross midnight, may name the weekdays on which it opens.

    Every day's hours can be written short: `19:00-21:30`.
    """

    start: Annotated[Clock, Field(alias="from")]
    end: Annotated[Clock, Field(alias="to")]
    days: Annotated[tuple[Weekday, ...], OneOrMore] = WEEKDAYS

    @model_validator(mode="before")
    @classmethod
    def from_short(cls, written: Any) -> Any:
        """Read `19:00-21:30`."""
        if not isinstance(written, str):
            return written
        start, dash, end = written.partition("-")
        if not dash:
            raise ValueError(f"'{written}' is no window: write two times, e.g. 19:00-21:30")
        return {"from": start.strip(), "to": end.strip()}

    @model_validator(mode="after")
    def has_a_length(self) -> Self:
        """Refuse a window that never opens or never closes."""
        if self.start == self.end or not self.days:
            raise ValueError("a window needs two different times and at least one day")
        return self


class Timing(Strict):
    """When a step is due: exactly one of `after`, `day`, `next`, `on`. `at` goes with the last three.

    `on` is a date of every year (`01-01`), one date (`2027-02-06`), or an attribute of the customer that holds one.
    """

    after: Duration | None = None
    day: Annotated[int, Field(ge=1, le=3660)] | None = None
    next: Weekday | None = None
    on: Annotated[str, Field(min_length=1)] | None = None
    offset: Duration | None = None
    at: Clock | None = None

    @field_validator("on")
    @classmethod
    def is_a_date_if_it_looks_like_one(cls, on: str | None) -> str | None:
        """Refuse 02-30: as the name of an attribute it would never be found."""
        if on and on[0].isdigit() and read_anniversary(on) is None:
            raise ValueError(f"'{on}' is no date of the calendar: write 2027-02-06, 01-01, or an attribute's name")
        return on

    @field_validator("offset")
    @classmethod
    def is_whole_days(cls, offset: Duration | None) -> Duration | None:
        """Refuse hours: `at` says the time of day."""
        if offset is not None and offset.seconds:
            raise ValueError("offset moves the date by whole days: write e.g. -3d, and the time of day as `at`")
        return offset

    @model_validator(mode="after")
    def is_one_kind(self) -> Self:
        """Refuse a timing that is none, two at once, or lacks its time of day."""
        kinds = [kind for kind in ("after", "day", "next", "on") if getattr(self, kind) is not None]
        if len(kinds) != 1:
            raise ValueError(f"a step has exactly one of after, day, next, on; here: {', '.join(kinds) or 'none'}")
        if (kinds == ["after"]) == (self.at is not None):
            raise ValueError("`after` is elapsed time and takes no `at`; day, next and on need `at: \"HH:MM\"`")
        if self.offset is not None and kinds != ["on"]:
            raise ValueError("offset goes with `on`")
        if self.after is not None and self.after.total_seconds() < 0:
            raise ValueError("`after` cannot be negative")
        return self
