"""Where somebody stands, the stage that they are in, and what the calendar makes of it."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from tests.integration.model.plan import Edit

ZONE = ZoneInfo("Asia/Shanghai")
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
STEPS = {"new": ("nudge", "day2", "birthday"), "hot": ("offer",), "cold": ("wake",), "won": (), "thanks": ("thank",)}


def local(day: date, clock: str) -> datetime:
    """Return the instant at which clocks in the plan's zone show a time; it knows no summer time."""
    return datetime.combine(day, time.fromisoformat(clock), ZONE).astimezone(UTC)


@dataclass(frozen=True)
class Standing:
    """What speaks for or against writing to somebody from `at` on."""

    at: datetime
    friends: frozenset[str] = frozenset()
    consents: bool = True
    is_held: bool = False
    replied_until: datetime | None = None
    birthday: str | None = None

    def objections(self, step: str, moment: datetime) -> set[str]:
        """Return every reason not to send a step at a moment."""
        found = {
            "paused": self.is_held,
            "not_friend": not self.friends,
            "no_consent": not self.consents,
            "unless": step == "nudge" and self.replied_until is not None and self.replied_until > moment,
            "no_date": step == "birthday" and self.birthday is None,
        }
        return {reason for reason, is_true in found.items() if is_true}


@dataclass
class Visit:
    """A stay in one stage of one run, by one version of the plan."""

    run: str
    stage: str
    since: datetime
    edit: Edit
    until: datetime | None = None

    def due_at(self, step: str, birthday: str | None) -> datetime | None:
        """Return when a step ought to run; None for a date that nobody knows."""
        entry = self.since.astimezone(ZONE).date()
        spans = {"nudge": self.edit.nudge * 60, "offer": self.edit.offer, "thank": 60}
        if step in spans:
            return self.since + spans[step] * MINUTE
        if step == "day2":
            return local(entry + DAY, self.edit.day2_at)
        if step == "wake":
            saturdays = (local(entry + number * DAY, "10:00") for number in range(8) if is_saturday(entry, number))
            return next(moment for moment in saturdays if moment > self.since)
        if birthday is None:
            return None
        years = (local(date(entry.year + more, int(birthday[-5:-3]), int(birthday[-2:])), "09:00") for more in (0, 1))
        return next(moment for moment in years if moment >= self.since)

    def is_quiet(self, moment: datetime) -> bool:
        """Whether nobody may be written to."""
        if self.edit.quiet is None:
            return False
        clock, (start, end) = moment.astimezone(ZONE).strftime("%H:%M"), self.edit.quiet
        return start <= clock < end if start < end else clock >= start or clock < end

    def quiet_until(self, moment: datetime) -> datetime:
        """Return when the quiet hours around a moment end."""
        assert self.edit.quiet
        days = (moment.astimezone(ZONE).date() + number * DAY for number in (0, 1))
        return next(end for day in days if (end := local(day, self.edit.quiet[1])) > moment)


def is_saturday(day: date, later: int) -> bool:
    """Whether a day some days later is a Saturday."""
    return (day + later * DAY).weekday() == 5
