"""Skips: a step that is not sent, its reason and the enrolment's move in one transaction."""

from chalicelib.domain.enrolment import Enrolment
from chalicelib.domain.push import Push
from chalicelib.models.enrolments import EnrolmentRow
from chalicelib.models.pushes import PushRow
from chalicelib.models.row import losing_raises_conflict, transaction


def store(push: Push, enrolment: Enrolment) -> None:
    """Store a skipped push and the enrolment's next version, both or neither.

    Raises ConflictError when the enrolment has been written since it was read.
    """
    row = EnrolmentRow.holding(enrolment)
    with losing_raises_conflict(), transaction() as both:
        both.save(PushRow.holding(push))
        both.save(row, condition=row.follows())
