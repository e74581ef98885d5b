"""Allowances: rows of the pushes table, one a customer, which settle what several journeys may send together."""

from chalicelib.domain.pressure import Allowance
from chalicelib.models.pushes import PushRow
from chalicelib.models.row import losing_raises_conflict

MEMBER = "allowance"


def allowance_of(customer_id: str) -> Allowance:
    """Return a customer's allowance, strongly consistent; an untouched one when nothing was ever planned."""
    try:
        row = PushRow.get(partition(customer_id), MEMBER, consistent_read=True)
    except PushRow.DoesNotExist:
        return Allowance(customer_id=customer_id)
    return Allowance.model_validate_json(row.document)


def store(allowance: Allowance) -> None:
    """Write an allowance's next version. Raises ConflictError when that version exists already."""
    row = PushRow(
        batch=partition(allowance.customer_id),
        member=MEMBER,
        state=str(allowance.version),
        document=allowance.model_dump_json(),
    )
    first = allowance.version == 1
    with losing_raises_conflict():
        row.save(condition=PushRow.member.does_not_exist() if first else PushRow.state == str(allowance.version - 1))


def partition(customer_id: str) -> str:
    """Return the partition of a customer's allowance."""
    return f"allowance/{customer_id}"
