"""Reading whole tables, for the operator's proofs. Nothing that runs in a function does this."""

from collections.abc import Iterator

from chalicelib.domain.enrolment import Enrolment
from chalicelib.domain.push import GroupSend, Push
from chalicelib.models.allowances import MEMBER
from chalicelib.models.enrolments import EnrolmentRow
from chalicelib.models.group_sends import PREFIX, value_of
from chalicelib.models.pushes import PushRow


def all_enrolments() -> Iterator[Enrolment]:
    """Yield every enrolment, page by page, strongly consistent."""
    yield from (row.value for row in EnrolmentRow.scan(consistent_read=True))


def all_pushes() -> Iterator[Push | GroupSend]:
    """Yield every push and every group-send, page by page, strongly consistent."""
    rows = (row for row in PushRow.scan(consistent_read=True) if row.member != MEMBER)
    yield from (value_of(row) if row.member.startswith(PREFIX) else row.value for row in rows)


def sends_of(batch: str) -> list[GroupSend]:
    """Return the group-sends of a batch without its pushes, which may be many."""
    rows = PushRow.query(batch, PushRow.member.startswith(PREFIX), consistent_read=True)
    return [value_of(row) for row in rows]


def rows_to_read() -> int:
    """Return how many rows the whole tables hold, as DynamoDB counted them some hours ago."""
    return sum(int(table.describe_table()["ItemCount"]) for table in (EnrolmentRow, PushRow))
