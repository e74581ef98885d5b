"""Scheduling: the one wake-up that an enrolment waits for."""

from datetime import datetime

from chalicelib.domain.enrolment import Enrolment
from chalicelib.domain.push import digest
from chalicelib.gateways import schedules
from chalicelib.models.enrolments import EnrolmentRow
from chalicelib.schemas.wakeups import StepDue
from chalicelib.services.charge import charge_enrolments


def schedule_step(customer_id: str, run: str, now: datetime) -> None:
    """Set the wake-up for an enrolment's next step, and take back the one that it has overtaken.

    The row is read again, and a wake-up's name is its enrolment and version, so records that come twice set one.
    The new one is set before the old one is taken back: killed in between, the old one fires and is dropped,
    because the version that it carries is not the row's any more.
    """
    enrolment = EnrolmentRow.fetch(customer_id, run)
    if enrolment is None:
        return
    charge_enrolments([enrolment])
    if enrolment.due_at:
        due = StepDue(customer_id=customer_id, run=run, version=enrolment.version)
        wait = schedules.Wait(due_at=enrolment.due_at, since=enrolment.since)
        schedules.wake("steps", name_of(enrolment, enrolment.version), due.model_dump(), wait, now)
    if enrolment.superseded:
        schedules.cancel(name_of(enrolment, enrolment.superseded))


def name_of(enrolment: Enrolment, version: int) -> str:
    """Return the name of the wake-up of one version of an enrolment."""
    return f"s-{digest(enrolment.customer_id, enrolment.run)}-{version}"
