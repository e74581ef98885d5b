"""Reading price books, shipped and published ones. A warm function sees a new one within a minute."""

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import lru_cache

from chalicelib.config import settings
from chalicelib.domain.pricing.book import PriceBook, currency_of
from chalicelib.domain.pricing.reading import books_of
from chalicelib.domain.pricing.shelf import Shelf
from chalicelib.gateways.shipped_books import shipped_books
from chalicelib.models import price_books

FRESH = timedelta(seconds=60)


def shelf(now: datetime) -> Shelf:
    """Return this region's books as they were at most a minute ago."""
    return shelf_of(settings().region, int(now.timestamp() // FRESH.total_seconds()))


@lru_cache(maxsize=1)
def shelf_of(region: str, interval: int) -> Shelf:
    """Return a region's books, read once an interval."""
    return Shelf.of([*shipped(region), *published(region)])


def shipped(region: str) -> Iterator[PriceBook]:
    """Yield the shipped books of a region."""
    for file, content in shipped_books():
        yield in_region(books_of(content, file), content["version"], region)


def published(region: str) -> Iterator[PriceBook]:
    """Yield the published books of a region."""
    for version, document in price_books.published():
        yield in_region(books_of(json.loads(document), f"price book {version}"), version, region)


def in_region(books: dict[str, PriceBook], version: str, region: str) -> PriceBook:
    """Return a region's book; where it has none, one in which nothing has a price."""
    return books.get(region) or PriceBook(version, region, currency_of(region), {})


def forget() -> None:
    """Read everything anew: for tools that publish and go on."""
    shelf_of.cache_clear()
