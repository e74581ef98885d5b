"""Holding all journeys of a customer, and letting them go on."""

from datetime import datetime

from chalicelib.domain.behaviour import Behaviour
from chalicelib.domain.customer import Customer
from chalicelib.domain.identity import strongest_first
from chalicelib.domain.push import digest
from chalicelib.errors import PermanentError
from chalicelib.models.behaviours import BehaviourRow
from chalicelib.services.find_person import Person


def pause_customer(person: Person, is_paused: bool, now: datetime) -> Behaviour:
    """Record that an operator pauses or resumes a customer. The tag service, which alone writes customers, takes it in.

    Raises PermanentError for a customer without an identity, whom no behaviour can be about.
    """
    if not person.identities:
        raise PermanentError(f"customer {person.customer.customer_id} has no identity")
    name = "chaoxi.customer_paused" if is_paused else "chaoxi.customer_resumed"
    subject = strongest_first(person.identities)[0]
    behaviour = Behaviour(
        subject=subject,
        occurred_at=now,
        id=digest(name, subject, now.isoformat()),
        name=name,
        account=account_of(person.customer),
        source="operator",
        received_at=now,
    )
    BehaviourRow.record(behaviour)
    return behaviour


def account_of(customer: Customer) -> str:
    """Return the account over which the customer is reached."""
    return customer.owner.account if customer.owner else "operator"
