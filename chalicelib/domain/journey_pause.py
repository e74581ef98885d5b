"""A journey that is held because its budget is spent: what becomes of its steps meanwhile."""

from datetime import datetime

from chalicelib.domain.playbook.journeys import Step
from chalicelib.domain.steps import Skip, Wait
from chalicelib.domain.value import Value

REASON = "budget"


class JourneyPause(Value):
    """A pause of a journey (`consultation/tea`) from `since` until `until`, the end of the month whose budget is spent.

    `lifted_at`: an operator let the journey go on all the same; then it is not paused again in that month.
    """

    journey: str
    month: str
    since: datetime
    until: datetime
    lifted_at: datetime | None = None

    def holds(self, now: datetime) -> bool:
        """Whether the journey is held at an instant."""
        return self.lifted_at is None and self.since <= now < self.until


def held(step: Step, pause: JourneyPause) -> Wait | Skip:
    """Return what becomes of a step that would be sent now.

    The playbook's own word decides, as for quiet hours: a step that is of use later waits for the pause's end, one
    that is not (`late: skip`, or on a date) is skipped. Either way the reason is stored.
    """
    return Wait(pause.until, REASON) if step.late == "wait" and step.on is None else Skip(REASON)
