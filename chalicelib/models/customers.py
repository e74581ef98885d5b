"""The customers table: a row a person, written by the tag service alone."""

from pynamodb.attributes import NumberAttribute, UnicodeAttribute
from pynamodb.expressions.condition import Condition

from chalicelib.config import settings
from chalicelib.domain.customer import Customer
from chalicelib.models.row import Row, Table, losing_raises_conflict


class CustomerRow(Row):
    """One customer. `version` stands outside the document because writes are conditional on it."""

    class Meta(Table):
        """Where PynamoDB finds it."""

        table_name = settings().table("customers")

    customer_id = UnicodeAttribute(hash_key=True)
    version = NumberAttribute()
    document = UnicodeAttribute()

    @classmethod
    def fetch(cls, customer_id: str) -> Customer | None:
        """Return a customer, strongly consistent; None when there is none."""
        try:
            return cls.get(customer_id, consistent_read=True).value
        except cls.DoesNotExist:
            return None

    @classmethod
    def store(cls, customer: Customer) -> None:
        """Write the customer's next version. Raises ConflictError when that version exists already."""
        row = cls.holding(customer)
        with losing_raises_conflict():
            row.save(condition=row.follows())

    @classmethod
    def holding(cls, customer: Customer) -> "CustomerRow":
        """Return the row of a customer, not written yet."""
        document = customer.model_dump_json(exclude_defaults=True)
        return cls(customer_id=customer.customer_id, version=customer.version, document=document)

    def follows(self) -> Condition:
        """Return the condition under which this row is the next version of what is stored."""
        if self.version == 1:
            return CustomerRow.customer_id.does_not_exist()
        return CustomerRow.version == self.version - 1

    @property
    def value(self) -> Customer:
        """The customer that the row holds."""
        return Customer.model_validate_json(self.document)
