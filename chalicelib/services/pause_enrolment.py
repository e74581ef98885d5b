"""Pausing one run, and letting it go on."""

from datetime import datetime

from chalicelib.domain.customer import Customer
from chalicelib.domain.enrolment import Enrolment
from chalicelib.domain.stages import overtaken, with_next_step
from chalicelib.errors import PermanentError
from chalicelib.models.enrolments import EnrolmentRow
from chalicelib.services.identify_customer import present
from chalicelib.services.read_playbooks import playbook

PAUSED = "paused_by_operator"


def runs_called(customer_id: str, name: str) -> list[Enrolment]:
    """Return the runs that a name means: one run, or all runs of a journey."""
    enrolments = EnrolmentRow.of_customer(customer_id)
    exact = [one for one in enrolments if one.run == name]
    return exact or [one for one in enrolments if one.journey == name]


def pause_enrolment(enrolment: Enrolment) -> Enrolment:
    """Hold an active run: nothing of it comes due until it is resumed. Its wake-up is taken back by the stream.

    One write, under the condition that nobody else moved the run. Raises PermanentError for a run that is not active,
    ConflictError when a step runs at this very moment.
    """
    if enrolment.state != "active":
        raise PermanentError(f"{enrolment.key} is {enrolment.state}, not active")
    held = enrolment.model_copy(update={
        "version": enrolment.version + 1,
        "state": "paused",
        "step": None,
        "due_at": None,
        "superseded": overtaken(enrolment),
        "reason": PAUSED,
    })
    EnrolmentRow.store(held)
    return held


def resume_enrolment(enrolment: Enrolment, now: datetime) -> Enrolment:
    """Let a paused run go on with its next step, which is due at once when its time has passed; `late` decides then.

    Raises PermanentError for a run that is not paused, ConflictError when somebody else moved it.
    """
    if enrolment.state != "paused":
        raise PermanentError(f"{enrolment.key} is {enrolment.state}, not paused")
    book = playbook(enrolment.playbook, enrolment.playbook_version)
    journey = book.journey(enrolment.journey)
    stage = journey.stage(enrolment.stage) if journey else None
    if stage is None:
        raise PermanentError(f"{book.reference} has no stage {enrolment.journey}/{enrolment.stage}")
    going: Enrolment = enrolment.model_copy(update={
        "version": enrolment.version + 1,
        "state": "active",
        "since": now,
        "superseded": None,
        "reason": None,
    })
    customer: Customer = present(enrolment.customer_id)
    resumed = with_next_step(going, stage, customer, book)
    EnrolmentRow.store(resumed)
    return resumed
