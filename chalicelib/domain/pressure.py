"""How much one customer may receive: the playbook's caps and the platform's quota, over all journeys."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from pydantic import Field

from chalicelib.domain.playbook.playbook import Playbook
from chalicelib.domain.value import Value

REMEMBERED = timedelta(days=31)


class Claim(Value):
    """One push that was decided: on which local day, and into which batch."""

    day: date
    batch: str


class Allowance(Value):
    """What a customer has been given, by push. `version` grows by one with every write."""

    customer_id: str
    version: int = 0
    claims: dict[str, Claim] = Field(default_factory=dict)

    def with_claim(self, member: str, claim: Claim) -> "Allowance":
        """Return the allowance after one more push; days that no cap looks back to are forgotten."""
        recent = {name: kept for name, kept in self.claims.items() if kept.day + REMEMBERED >= claim.day}
        return self.model_copy(update={"version": self.version + 1, "claims": {**recent, member: claim}})


def local_day(moment: datetime, zone: ZoneInfo) -> date:
    """Return the calendar day of an instant in a customer's zone."""
    return moment.astimezone(zone).date()


def refusal(allowance: Allowance, playbook: Playbook, day: date) -> str | None:
    """Return why one more push on a day would be too much; None when it is not."""
    given = [claim.day for claim in allowance.claims.values()]
    for reason, limit in limits(playbook, day).items():
        if given_in(reason, given, day) >= limit:
            return reason
    return None


def limits(playbook: Playbook, day: date) -> Mapping[str, int]:
    """Return the limits by reason: the caps that operations chose, and the quota that the platform enforces."""
    quota = {
        "month_days": ("quota_month", days_in_month(day)),
        "week_7": ("quota_week", 7),
        "day_1": ("quota_day", 1),
    }[playbook.quota]
    caps = {"cap_day": playbook.caps.day, "cap_week": playbook.caps.week, "cap_month": playbook.caps.month}
    return {**caps, quota[0]: quota[1]}


def given_in(reason: str, given: list[date], day: date) -> int:
    """Return how many pushes fall into the period that a reason is about."""
    period = reason.partition("_")[2]
    monday = day - timedelta(days=day.weekday())
    first = {"day": day, "week": monday, "month": day.replace(day=1)}[period]
    last = {"day": day, "week": monday + timedelta(days=6), "month": day.replace(day=days_in_month(day))}[period]
    return sum(first <= one <= last for one in given)


def days_in_month(day: date) -> int:
    """Return how many days the month of a day has."""
    return ((day.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)).day
