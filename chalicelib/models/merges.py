"""Merging two customers: both rows in one transaction, so that nothing is counted twice or lost."""

from chalicelib.domain.customer import Customer
from chalicelib.domain.merging import merged
from chalicelib.models.customers import CustomerRow
from chalicelib.models.row import losing_raises_conflict, transaction


def merge(kept: Customer, other: Customer) -> Customer:
    """Write the kept customer with all of the other, and the other closed; return the kept one.

    Raises ConflictError when either has been written since it was read.
    """
    whole, closed = merged(kept, other)
    with losing_raises_conflict(), transaction() as both:
        for row in (CustomerRow.holding(whole), CustomerRow.holding(closed)):
            both.save(row, condition=row.follows())
    return whole
