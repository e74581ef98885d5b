"""The pushes table: the outbox.

A partition is what one group-send may carry: its pushes, and the group-sends made of them. One strongly consistent
query reads both, so no push can be overlooked that was planned before the query.
"""

from collections.abc import Iterator

from pynamodb.attributes import NumberAttribute, UnicodeAttribute
from pynamodb.indexes import GlobalSecondaryIndex, KeysOnlyProjection

from chalicelib.config import settings
from chalicelib.domain.behaviour import instant
from chalicelib.domain.push import Push
from chalicelib.errors import ConflictError
from chalicelib.models.row import Row, Table, losing_raises_conflict


class PushesOfCustomer(GlobalSecondaryIndex["PushRow"]):
    """All pushes of one customer by time: for their story and their page."""

    class Meta:
        """Where PynamoDB finds it."""

        index_name = "customer"
        projection = KeysOnlyProjection()

    customer_id = UnicodeAttribute(hash_key=True)
    planned_at = UnicodeAttribute(range_key=True)


class PushRow(Row):
    """One item of the outbox. `state` stands outside the document because writes are conditional on it."""

    class Meta(Table):
        """Where PynamoDB finds it."""

        table_name = settings().table("pushes")

    batch = UnicodeAttribute(hash_key=True)
    member = UnicodeAttribute(range_key=True)
    customer_id = UnicodeAttribute(null=True)
    planned_at = UnicodeAttribute(null=True)
    state = UnicodeAttribute()
    document = UnicodeAttribute()
    expires_at = NumberAttribute(null=True)
    by_customer = PushesOfCustomer()

    @classmethod
    def plan(cls, push: Push) -> bool:
        """Store a new push; False when it was stored before, which changes nothing."""
        try:
            with losing_raises_conflict():
                cls.holding(push).save(condition=cls.member.does_not_exist())
        except ConflictError:
            return False
        return True

    @classmethod
    def settle(cls, push: Push, *before: str) -> bool:
        """Write a push's new state if its stored one is among `before`; False when it has moved on."""
        try:
            with losing_raises_conflict():
                cls.holding(push).save(condition=cls.state.is_in(*before))
        except ConflictError:
            return False
        return True

    @classmethod
    def fetch(cls, batch: str, member: str) -> Push | None:
        """Return one push, strongly consistent; None when there is none."""
        try:
            return cls.get(batch, member, consistent_read=True).value
        except cls.DoesNotExist:
            return None

    @classmethod
    def of_customer(cls, customer_id: str) -> Iterator[Push]:
        """Yield a customer's pushes in order of planning; one of the last second may be missing."""
        keys = [(row.batch, row.member) for row in cls.by_customer.query(customer_id)]
        found = {(row.batch, row.member): row.value for row in cls.batch_get(keys, consistent_read=True)}
        yield from (found[key] for key in keys if key in found)

    @classmethod
    def holding(cls, push: Push) -> "PushRow":
        """Return the row of a push, not written yet."""
        return cls(
            batch=push.batch,
            member=push.member,
            customer_id=push.customer_id,
            planned_at=instant(push.planned_at),
            state=push.state,
            document=push.model_dump_json(exclude_defaults=True),
            expires_at=int((push.planned_at + settings().behaviour_retention).timestamp()),
        )

    @property
    def value(self) -> Push:
        """The push that the row holds."""
        return Push.model_validate_json(self.document)
