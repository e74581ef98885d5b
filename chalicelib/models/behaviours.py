"""The behaviours table: what customers did, append-only."""

from collections.abc import Iterator
from datetime import datetime

from pynamodb.attributes import NumberAttribute, UnicodeAttribute

from chalicelib.config import settings
from chalicelib.domain.behaviour import Behaviour, instant
from chalicelib.errors import ConflictError
from chalicelib.models.row import Row, Table, losing_raises_conflict


class BehaviourRow(Row):
    """One behaviour. `kind` and `welcome_code` stand outside the document for the stream's filters."""

    class Meta(Table):
        """Where PynamoDB finds it."""

        table_name = settings().table("behaviours")

    subject = UnicodeAttribute(hash_key=True)
    position = UnicodeAttribute(range_key=True)
    kind = UnicodeAttribute()
    welcome_code = UnicodeAttribute(null=True)
    document = UnicodeAttribute()
    expires_at = NumberAttribute()

    @classmethod
    def record(cls, behaviour: Behaviour) -> bool:
        """Store a behaviour; False when it was stored before, which changes nothing."""
        row = cls(
            subject=behaviour.subject,
            position=behaviour.position,
            kind=behaviour.kind,
            welcome_code=behaviour.welcome_code,
            document=behaviour.model_dump_json(),
            expires_at=int((behaviour.received_at + settings().behaviour_retention).timestamp()),
        )
        try:
            with losing_raises_conflict():
                row.save(condition=cls.position.does_not_exist())
        except ConflictError:
            return False
        return True

    @classmethod
    def fetch(cls, subject: str, position: str) -> Behaviour | None:
        """Return one behaviour, strongly consistent; None when it has expired or was erased."""
        try:
            return cls.get(subject, position, consistent_read=True).value
        except cls.DoesNotExist:
            return None

    @classmethod
    def of_subject(cls, subject: str, since: datetime | None = None) -> Iterator[Behaviour]:
        """Yield an identity's behaviours in order of time, page by page."""
        later = cls.position >= instant(since) if since else None
        yield from (row.value for row in cls.query(subject, later))

    @property
    def value(self) -> Behaviour:
        """The behaviour that the row holds."""
        return Behaviour.model_validate_json(self.document)
