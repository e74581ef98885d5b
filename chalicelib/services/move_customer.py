"""Moving: a customer's tags and attributes take them into journeys, between stages, and out."""

from datetime import datetime

from chalicelib import metering
from chalicelib.domain.journeys import changes
from chalicelib.models.customers import CustomerRow
from chalicelib.models.enrolments import EnrolmentRow
from chalicelib.services.charge import charge_enrolments
from chalicelib.services.read_playbooks import live_playbooks, playbook


def move_customer(customer_id: str, now: datetime) -> None:
    """Bring a customer's enrolments in line with their present state.

    The state is read again, so records may come twice or late. Each change is conditional on the enrolment's version
    and remembers the customer's version that it has seen: killed between two changes, the next delivery makes the
    rest. Raises ConflictError when a step moved the same enrolment at the same moment; the record comes back.
    """
    customer = CustomerRow.fetch(customer_id)
    if customer is None:
        return
    metering.name(account=customer.owner.account if customer.owner else "")
    changed = changes(customer, EnrolmentRow.of_customer(customer_id), live_playbooks(now), playbook, now)
    charge_enrolments(changed)
    for enrolment in changed:
        EnrolmentRow.store(enrolment)
