"""Reading a file of price books: nothing is guessed. Every fault is told with its field and what to do.

{"version": "2026-11-22.1", "regions": {"us-east-1": {"currency": "USD", "prices": {
    "lambda_requests": {"price": "0.20", "per": "1M requests", "status": "found", "source": "…"}, …}}}}
"""

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from chalicelib.domain.pricing.book import METERED, STANDING, Price, PriceBook, age_of, currency_of
from chalicelib.errors import PermanentError

STATUSES = ("found", "derived", "remembered", "missing")
PER = {**{name: per for name, (per, _) in METERED.items()}, **STANDING}
DECIMAL = re.compile(r"\d{1,12}(\.\d{1,18})?")
FIELDS = {"price", "per", "status", "source"}


class PriceBookError(PermanentError):
    """A file is no price book; the text says where and what to do, one fault a line."""


def books_of(content: Any, file: str) -> dict[str, PriceBook]:
    """Return the books of a parsed file by region. Raises PriceBookError with every fault."""
    if faults := list(faults_of(content)):
        raise PriceBookError("\n".join(f"{file}: {fault}" for fault in faults))
    return {region: book_of(content["version"], region, body) for region, body in content["regions"].items()}


def book_of(version: str, region: str, body: Mapping[str, Any]) -> PriceBook:
    """Return one region's book."""
    return PriceBook(version, region, body["currency"], {name: price_of(each) for name, each in body["prices"].items()})


def price_of(body: Mapping[str, Any]) -> Price:
    """Return one price."""
    amount = body["price"]
    return Price(None if amount is None else Decimal(amount), body["status"], body.get("source", ""))


def faults_of(content: Any) -> Iterator[str]:
    """Yield what is wrong with a file."""
    if not isinstance(content, dict):
        yield "it is no JSON object: write {\"version\": …, \"regions\": …}"
        return
    yield from wrong_keys(content, {"version", "regions"}, "")
    if not is_version(content.get("version")):
        yield "version: write the first day it holds for and an edition, such as \"2026-11-22.1\""
    regions = content.get("regions")
    if not isinstance(regions, dict) or not regions:
        yield "regions: write at least one, such as \"ap-southeast-1\""
        return
    for region, body in regions.items():
        yield from faults_of_region(region, body)


def faults_of_region(region: str, body: Any) -> Iterator[str]:
    """Yield what is wrong with a region."""
    place = f"regions.{region}"
    if not isinstance(body, dict) or not isinstance(body.get("prices"), dict):
        yield f"{place}: write \"currency\" and \"prices\""
        return
    yield from wrong_keys(body, {"currency", "prices"}, f"{place}.")
    if body.get("currency") != currency_of(region):
        yield f"{place}.currency: write \"{currency_of(region)}\", in which this region is billed"
    yield from wrong_keys(body["prices"], set(PER), f"{place}.prices.")
    for name, price in body["prices"].items():
        yield from (f"{place}.prices.{name}{fault}" for fault in faults_of_price(name, price))


def faults_of_price(name: str, body: Any) -> Iterator[str]:
    """Yield what is wrong with a price that a book has."""
    if name not in PER:
        return
    if not isinstance(body, dict):
        yield ": write {\"price\": …, \"per\": …, \"status\": …, \"source\": …}"
        return
    yield from wrong_keys(body, FIELDS, ".", optional={"source"})
    if body.get("per") != PER[name]:
        yield f".per: write \"{PER[name]}\", and the price for that many"
    if body.get("status") not in STATUSES:
        yield f".status: write one of {', '.join(STATUSES)}"
    if "price" in body:
        yield from faults_of_amount(body["price"], body.get("status"))


def faults_of_amount(amount: Any, status: Any) -> Iterator[str]:
    """Yield what is wrong with the number itself."""
    if amount is None and status != "missing":
        yield ".price: it is null, so write the status \"missing\", or the price"
    if amount is not None and status == "missing":
        yield ".status: there is a price, so say where it comes from: found, derived or remembered"
    if amount is not None and (fault := fault_of_number(amount)):
        yield f".price: {fault}"


def fault_of_number(amount: Any) -> str:
    """Return what is wrong with something that should be a price, or nothing."""
    if not DECIMAL.fullmatch(str(amount).removeprefix("-")) or isinstance(amount, bool):
        return f"{amount!r} is no number: write digits with a point, such as \"0.20\", or null"
    if str(amount).startswith("-"):
        return f"{amount} is negative: write what is charged, or null if it is not known"
    return "" if isinstance(amount, str) else f"write it as text, \"{amount}\", so that no digit is lost"


def wrong_keys(found: Mapping[str, Any], known: set[str], place: str, optional: frozenset[str] | set[str] = frozenset()
               ) -> Iterator[str]:
    """Yield the keys that are missing, and those that nobody knows."""
    for key in sorted(known - found.keys() - optional):
        yield f"{place}{key} is missing: add it" + (", with null for a price that is not known" if key in PER else "")
    for key in sorted(found.keys() - known):
        yield f"{place}{key} is not known: take it out, or correct its name"


def is_version(text: Any) -> bool:
    """Whether a version can be put in order with others."""
    if not isinstance(text, str) or not re.fullmatch(r"\d{4}-\d\d-\d\d\.[1-9]\d{0,3}", text):
        return False
    try:
        age_of(text)
    except ValueError:
        return False
    return True
