"""Letting a journey go on before the end of the month whose budget it has spent."""

from collections.abc import Callable
from datetime import datetime

from chalicelib.domain.enrolment import Enrolment
from chalicelib.domain.journey_pause import REASON
from chalicelib.errors import ConflictError
from chalicelib.models import journey_pauses
from chalicelib.models.audits import all_enrolments
from chalicelib.models.enrolments import EnrolmentRow
from chalicelib.services.charge import journey_key


def release_journey(journey: str, now: datetime, seen: Callable[[], None] = lambda: None) -> int:
    """Lift a journey's pause and make the steps that it holds due now; return how many.

    The pause is lifted first: from then on nothing more is held, because a step is held only after the pause has been
    read again. Then each run is written under the condition that nobody else moved it, and its stream sets the new
    wake-up. Killed in between, the same command goes on with the rest. Reads the enrolments table whole.
    """
    pause = journey_pauses.pause_of(journey)
    if pause and pause.lifted_at is None:
        journey_pauses.store(pause.model_copy(update={"lifted_at": now}), pause)
    count = 0
    for enrolment in all_enrolments():
        seen()
        if is_held(enrolment, journey):
            count += made_due(enrolment, now)
    return count


def is_held(enrolment: Enrolment, journey: str) -> bool:
    """Whether a run waits for the end of its journey's pause."""
    waits = enrolment.state == "active" and enrolment.due_at is not None and enrolment.reason == REASON
    return waits and journey_key(enrolment.playbook, enrolment.journey) == journey


def made_due(enrolment: Enrolment, now: datetime) -> bool:
    """Make a held step due; False when its run has moved on by itself."""
    due = {"version": enrolment.version + 1, "due_at": now, "since": now, "reason": None}
    try:
        EnrolmentRow.store(enrolment.model_copy(update={**due, "superseded": enrolment.version}))
    except ConflictError:
        return False
    return True
