"""Accounting for steps: proves that what was due is sent or has a stored reason."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from chalicelib.config import settings
from chalicelib.domain.accounting import Accounting, Run, Tally
from chalicelib.domain.push import Push
from chalicelib.models.audits import all_enrolments, all_pushes

GRACE = timedelta(minutes=15)


def nothing_set_aside() -> Mapping[Run, str]:
    """Look into no failure queue."""
    return {}


def account_for_steps(
    now: datetime,
    grace: timedelta = GRACE,
    speed: float = 1.0,
    set_aside: Callable[[], Mapping[Run, str]] = nothing_set_aside,
    seen: Callable[[], None] = lambda: None,
) -> Accounting:
    """Return where every step stands. Reads the enrolments and pushes tables whole, and changes nothing.

    `speed` is the deployment's: 1, but in a demonstration. `set_aside` looks into the failure queues, and is asked
    only when something is overdue; `seen` hears of every row.
    """
    tally = Tally(now, grace, settings().gather, speed)
    for enrolment in all_enrolments():
        tally.take_enrolment(enrolment)
        seen()
    for row in all_pushes():
        tally.take_push(row) if isinstance(row, Push) else tally.take_send(row)
        seen()
    return tally.accounting(set_aside() if tally.overdue else {})
