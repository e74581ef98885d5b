"""Finding the customer whom behaviours belong to, or making them known."""

from collections.abc import Iterable
from datetime import datetime

from chalicelib.domain.customer import Customer
from chalicelib.domain.identity import customer_id_for, strongest_first
from chalicelib.models import merges
from chalicelib.models.customers import CustomerRow
from chalicelib.models.identities import IdentityRow


def identify_customer(identities: Iterable[str], because: str, now: datetime) -> Customer:
    """Return the one customer of all these identities, linked to each of them.

    A customer's id comes from the strongest identity that first told of them, so two deliveries that meet a new
    person at once make the same one. Killed between two links, the next delivery links the rest. Where the
    identities belonged to two customers, these are merged in one transaction; an identity that still names the
    closed one is led on to the kept one.
    """
    ordered = strongest_first(identities)
    owners = {identity: IdentityRow.customer_of(identity) for identity in ordered}
    first = next((owner for owner in owners.values() if owner), None) or customer_id_for(ordered[0])
    linked = (owner or IdentityRow.link(identity, first, because, now) for identity, owner in owners.items())
    customer, *others = [present(customer_id) for customer_id in dict.fromkeys(linked)]
    for other in others:
        customer = merged_with(customer, other)
    return customer


def present(customer_id: str) -> Customer:
    """Return a customer as stored, led on through merges; a new one when nothing is stored."""
    customer = CustomerRow.fetch(customer_id) or Customer(customer_id=customer_id)
    return present(customer.merged_into) if customer.merged_into else customer


def merged_with(customer: Customer, other: Customer) -> Customer:
    """Return the customer after the other was merged into it. Raises ConflictError when either changed meanwhile."""
    return customer if customer.customer_id == other.customer_id else merges.merge(customer, other)
