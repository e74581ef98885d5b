"""Reading whole tables, for the operator's proofs. Nothing that runs in a function does this."""

from collections.abc import Iterator
from datetime import datetime

from chalicelib.domain.behaviour import Behaviour, instant
from chalicelib.domain.enrolment import Enrolment
from chalicelib.domain.push import GroupSend, Push
from chalicelib.models.allowances import MEMBER
from chalicelib.models.behaviours import BehaviourRow
from chalicelib.models.customers import CustomerRow
from chalicelib.models.enrolments import EnrolmentRow
from chalicelib.models.group_sends import PREFIX, value_of
from chalicelib.models.pushes import PushRow
from chalicelib.models.row import Row


def all_enrolments() -> Iterator[Enrolment]:
    """Yield every enrolment, page by page, strongly consistent."""
    yield from (row.value for row in EnrolmentRow.scan(consistent_read=True))


def all_pushes() -> Iterator[Push | GroupSend]:
    """Yield every push and every group-send, page by page, strongly consistent."""
    rows = (row for row in PushRow.scan(consistent_read=True) if row.member != MEMBER)
    yield from (value_of(row) if row.member.startswith(PREFIX) else row.value for row in rows)


def behaviours_between(begin: datetime, end: datetime) -> Iterator[Behaviour | None]:
    """Yield the customers' behaviours that occurred from `begin` on and before `end`, and None for every other row."""
    first, last = instant(begin), instant(end)
    for row in BehaviourRow.scan(consistent_read=True):
        yield row.value if row.kind == "customer" and first <= row.position < last else None


def merged_customers() -> dict[str, str]:
    """Return {customer: whom they were merged into}; those stay, so that old rows can be understood."""
    closed = (row.value for row in CustomerRow.scan(CustomerRow.document.contains('"merged_into":"')))
    return {one.customer_id: one.merged_into for one in closed if one.merged_into}


def sends_of(batch: str) -> list[GroupSend]:
    """Return the group-sends of a batch without its pushes, which may be many."""
    rows = PushRow.query(batch, PushRow.member.startswith(PREFIX), consistent_read=True)
    return [value_of(row) for row in rows]


def rows_to_read(*more: type[Row]) -> int:
    """Return how many rows runs, pushes and `more` tables hold, as DynamoDB counted them some hours ago."""
    tables: tuple[type[Row], ...] = (EnrolmentRow, PushRow, *more)
    return sum(int(table.describe_table()["ItemCount"]) for table in tables)
