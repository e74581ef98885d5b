"""Price books of tests."""

from typing import Any

from chalicelib.domain.pricing.book import METERED, STANDING, PriceBook
from chalicelib.domain.pricing.reading import books_of


def book_file(version: str, price: str = "0.20") -> dict[str, Any]:
    """Return the content of a book file of one region, in which everything costs the same."""
    per = {**{name: units for name, (units, _) in METERED.items()}, **STANDING}
    said = {"price": price, "status": "found", "source": "a test"}
    prices = {name: {"per": units, **said} for name, units in per.items()}
    return {"version": version, "regions": {"us-east-1": {"currency": "USD", "prices": prices}}}


def dated(version: str) -> PriceBook:
    """Return a book of a version."""
    return books_of(book_file(version), "a test")["us-east-1"]
