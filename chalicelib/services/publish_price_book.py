"""Publishing a price book: it is checked whole, stored, and used within a minute. It never changes again."""

import json

from chalicelib.domain.pricing.reading import PriceBookError, books_of
from chalicelib.errors import ConflictError
from chalicelib.gateways.shipped_books import shipped_books
from chalicelib.models import price_books


def publish_price_book(text: str, file: str) -> str:
    """Store a book file and return its version.

    Raises PriceBookError with every fault, or when its version is taken: lines that name a version mean one content.
    """
    try:
        content = json.loads(text, object_pairs_hook=once_each)
    except ValueError as error:
        raise PriceBookError(f"{file}: {error}: correct the file so that it is JSON") from None
    books_of(content, file)
    version = str(content["version"])
    taken = f"{file}: version: {version} is taken by other prices: write the next edition, and publish that"
    if any(known["version"] == version and known != content for _, known in shipped_books()):
        raise PriceBookError(taken)
    try:
        price_books.store(version, json.dumps(content, ensure_ascii=False, sort_keys=True))
    except ConflictError:
        raise PriceBookError(taken) from None
    return version


def once_each(pairs: list[tuple[str, object]]) -> dict[str, object]:
    """Return an object; a key that is there twice has no meaning. Raises ValueError."""
    names = [name for name, _ in pairs]
    if twice := sorted({name for name in names if names.count(name) > 1}):
        raise ValueError(f"{', '.join(twice)} is there twice")
    return dict(pairs)
