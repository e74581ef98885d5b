"""Price books in the catalog: what was published after the code was shipped. A version never changes."""

from collections.abc import Iterator

from chalicelib.errors import ConflictError
from chalicelib.models.catalog import CatalogRow

KIND = "price_book"


def published() -> Iterator[tuple[str, str]]:
    """Yield (version, JSON text) of every published file."""
    yield from CatalogRow.of_kind(KIND)


def store(version: str, document: str) -> None:
    """Store a file. The same again is nothing; raises ConflictError when there is another of that version."""
    try:
        CatalogRow.put(KIND, version, document, CatalogRow.kind.does_not_exist())
    except ConflictError:
        if CatalogRow.fetch(KIND, version) != document:
            raise
