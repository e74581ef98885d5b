"""The identities table: which customer a touch-point's key belongs to."""

from collections.abc import Iterator
from datetime import datetime

from pynamodb.attributes import UnicodeAttribute
from pynamodb.indexes import GlobalSecondaryIndex, KeysOnlyProjection

from chalicelib.config import settings
from chalicelib.domain.behaviour import instant
from chalicelib.errors import ConflictError
from chalicelib.models.row import Row, Table, losing_raises_conflict


class IdentitiesOfCustomer(GlobalSecondaryIndex["IdentityRow"]):
    """All identities of one customer: for their story, their export and their erasure."""

    class Meta:
        """Where PynamoDB finds it."""

        index_name = "customer"
        projection = KeysOnlyProjection()

    customer_id = UnicodeAttribute(hash_key=True)
    identity = UnicodeAttribute(range_key=True)


class IdentityRow(Row):
    """One identity and its customer."""

    class Meta(Table):
        """Where PynamoDB finds it."""

        table_name = settings().table("identities")

    identity = UnicodeAttribute(hash_key=True)
    customer_id = UnicodeAttribute()
    linked_at = UnicodeAttribute()
    because = UnicodeAttribute()
    by_customer = IdentitiesOfCustomer()

    @classmethod
    def customer_of(cls, identity: str) -> str | None:
        """Return the customer's id, strongly consistent; None when nobody has this identity yet."""
        try:
            return cls.get(identity, consistent_read=True).customer_id
        except cls.DoesNotExist:
            return None

    @classmethod
    def link(cls, identity: str, customer_id: str, because: str, now: datetime) -> str:
        """Give an identity to a customer unless it has one; return whose it is now."""
        row = cls(identity=identity, customer_id=customer_id, linked_at=instant(now), because=because)
        try:
            with losing_raises_conflict():
                row.save(condition=cls.identity.does_not_exist())
        except ConflictError:
            return cls.get(identity, consistent_read=True).customer_id
        return customer_id

    @classmethod
    def of_customer(cls, customer_id: str) -> Iterator[str]:
        """Yield the customer's identities; one linked in the last second may be missing."""
        yield from (row.identity for row in cls.by_customer.query(customer_id))
