"""The enrolments table: where each customer stands in each journey."""

from pynamodb.attributes import NumberAttribute, UnicodeAttribute
from pynamodb.expressions.condition import Condition

from chalicelib.config import settings
from chalicelib.domain.enrolment import Enrolment
from chalicelib.models.row import Row, Table, losing_raises_conflict


class EnrolmentRow(Row):
    """One run. `version` stands outside the document because writes are conditional on it."""

    class Meta(Table):
        """Where PynamoDB finds it."""

        table_name = settings().table("enrolments")

    customer_id = UnicodeAttribute(hash_key=True)
    run = UnicodeAttribute(range_key=True)
    version = NumberAttribute()
    document = UnicodeAttribute()

    @classmethod
    def fetch(cls, customer_id: str, run: str) -> Enrolment | None:
        """Return one enrolment, strongly consistent; None when the customer never entered."""
        try:
            return cls.get(customer_id, run, consistent_read=True).value
        except cls.DoesNotExist:
            return None

    @classmethod
    def of_customer(cls, customer_id: str) -> list[Enrolment]:
        """Return all runs of a customer, ended ones too, strongly consistent."""
        return [row.value for row in cls.query(customer_id, consistent_read=True)]

    @classmethod
    def store(cls, enrolment: Enrolment) -> None:
        """Write the enrolment's next version. Raises ConflictError when that version exists already."""
        row = cls.holding(enrolment)
        with losing_raises_conflict():
            row.save(condition=row.follows())

    @classmethod
    def holding(cls, enrolment: Enrolment) -> "EnrolmentRow":
        """Return the row of an enrolment, not written yet."""
        return cls(
            customer_id=enrolment.customer_id,
            run=enrolment.run,
            version=enrolment.version,
            document=enrolment.model_dump_json(exclude_defaults=True),
        )

    def follows(self) -> Condition:
        """Return the condition under which this row is the next version of what is stored."""
        if self.version == 1:
            return EnrolmentRow.run.does_not_exist()
        return EnrolmentRow.version == self.version - 1

    @property
    def value(self) -> Enrolment:
        """The enrolment that the row holds."""
        return Enrolment.model_validate_json(self.document)
