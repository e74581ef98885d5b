"""Write keys in the catalog: a row a source."""

from collections.abc import Callable

from chalicelib.domain.write_key import SourceKeys
from chalicelib.models.catalog import CatalogRow

KIND = "write_key"


def fetch_keys(source: str) -> SourceKeys | None:
    """Return a source's keys, strongly consistent, so that a revoked one ends at once; None for an unknown source."""
    document = CatalogRow.fetch(KIND, source)
    return SourceKeys.model_validate_json(document) if document else None


def change_keys(source: str, change: Callable[[SourceKeys], SourceKeys]) -> None:
    """Store what `change` makes of a source's keys. Raises ConflictError when somebody else changes them meanwhile."""
    before = CatalogRow.fetch(KIND, source)
    keys = change(SourceKeys.model_validate_json(before) if before else SourceKeys(source=source))
    unchanged = CatalogRow.document == before if before else CatalogRow.id.does_not_exist()
    CatalogRow.put(KIND, source, keys.model_dump_json(), unchanged)
