"""Write keys and read keys in the catalog: a row a holder. A key of one kind is none of the other."""

from collections.abc import Callable
from typing import Literal

from chalicelib.domain.write_key import SourceKeys
from chalicelib.models.catalog import CatalogRow

Kind = Literal["write_key", "read_key"]
WRITE: Kind = "write_key"
READ: Kind = "read_key"


def fetch_keys(source: str, kind: Kind = WRITE) -> SourceKeys | None:
    """Return a source's keys, strongly consistent, so that a revoked one ends at once; None for an unknown source."""
    document = CatalogRow.fetch(kind, source)
    return SourceKeys.model_validate_json(document) if document else None


def change_keys(source: str, change: Callable[[SourceKeys], SourceKeys], kind: Kind = WRITE) -> None:
    """Store what `change` makes of a source's keys. Raises ConflictError when somebody else changes them meanwhile."""
    before = CatalogRow.fetch(kind, source)
    keys = change(SourceKeys.model_validate_json(before) if before else SourceKeys(source=source))
    unchanged = CatalogRow.document == before if before else CatalogRow.id.does_not_exist()
    CatalogRow.put(kind, source, keys.model_dump_json(), unchanged)
