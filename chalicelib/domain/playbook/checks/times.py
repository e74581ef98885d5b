"""Steps that never come."""

from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from chalicelib.domain.playbook.checks.problem import Problem, steps_of
from chalicelib.domain.playbook.journeys import Step
from chalicelib.domain.playbook.playbook import Playbook
from chalicelib.domain.playbook.timing import WEEKDAYS
from chalicelib.domain.windows import is_allowed, next_allowed

A_MONDAY = datetime(2024, 1, 1, tzinfo=UTC)
# Whether hours lie inside others is asked of a week without a change of clocks.
PLAIN = ZoneInfo("Etc/UTC")


def steps_never_sent(playbook: Playbook) -> Iterator[Problem]:
    """Yield every step whose hours are all quiet, and every one that is due outside its hours and does not wait."""
    for path, step in steps_of(playbook):
        if next_allowed(step.windows, playbook.quiet, A_MONDAY, PLAIN) is None:
            yield Problem((*path, "windows"), "quiet hours cover all of these hours: choose others, or shorten quiet")
        elif step.at and step.late == "skip" and not any(may_go(step, playbook, due) for due in dues(step, step.at)):
            yield Problem(
                (*path, "at"),
                f"{step.at:%H:%M} is outside this step's windows or in quiet hours, and with `late: skip` it is never "
                "sent: move it, or write late: wait",
            )


def may_go(step: Step, playbook: Playbook, due: datetime) -> bool:
    """Whether a step may be sent at the very moment at which it is due."""
    return is_allowed(step.windows, playbook.quiet, due, PLAIN)


def dues(step: Step, at: time) -> list[datetime]:
    """Return the moments of a plain week at which a step can be due, by its weekday and time of day."""
    days = [WEEKDAYS.index(step.next)] if step.next else range(7)
    return [datetime.combine(A_MONDAY.date() + timedelta(days=day), at, UTC) for day in days]
