"""The catalog table: what operations and deployers set up. Playbooks, write keys."""

from collections.abc import Iterator

from pynamodb.attributes import UnicodeAttribute
from pynamodb.expressions.condition import Condition

from chalicelib.config import settings
from chalicelib.models.row import Row, Table, losing_raises_conflict


class CatalogRow(Row):
    """One catalogued thing: `kind` (playbook, live_playbook, write_key), `id`, and its JSON document."""

    class Meta(Table):
        """Where PynamoDB finds it."""

        table_name = settings().table("catalog")

    kind = UnicodeAttribute(hash_key=True)
    id = UnicodeAttribute(range_key=True)
    document = UnicodeAttribute()

    @classmethod
    def fetch(cls, kind: str, name: str) -> str | None:
        """Return a document, strongly consistent; None when there is none."""
        try:
            return cls.get(kind, name, consistent_read=True).document
        except cls.DoesNotExist:
            return None

    @classmethod
    def of_kind(cls, kind: str) -> Iterator[tuple[str, str]]:
        """Yield (id, document) of everything of a kind, in order of id."""
        yield from ((row.id, row.document) for row in cls.query(kind, consistent_read=True))

    @classmethod
    def put(cls, kind: str, name: str, document: str, condition: Condition | None = None) -> None:
        """Store a document. Raises ConflictError when the condition does not hold."""
        with losing_raises_conflict():
            cls(kind=kind, id=name, document=document).save(condition=condition)
