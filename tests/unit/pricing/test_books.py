"""Price books: what ships is whole, what is broken is refused with its place, and what is missing stays missing."""

import copy
import json
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from chalicelib.domain.pricing import components
from chalicelib.domain.pricing.book import METERED, STANDING, PriceBook, smallest
from chalicelib.domain.pricing.components import COMPONENTS
from chalicelib.domain.pricing.reading import PriceBookError, books_of
from chalicelib.domain.pricing.shelf import Shelf
from chalicelib.errors import PermanentError
from chalicelib.gateways.shipped_books import shipped_books
from tests.unit.pricing.books import book_file, dated

REGIONS = {
    "ap-southeast-1": "USD", "us-east-1": "USD", "ap-east-1": "USD", "cn-northwest-1": "CNY", "cn-north-1": "CNY",
}


@pytest.mark.parametrize(("file", "content"), shipped_books(), ids=[file for file, _ in shipped_books()])
def test_every_book_that_ships_is_whole_and_covers_every_region(file: str, content: Any) -> None:
    books = books_of(content, file)
    assert {region: book.currency for region, book in books.items()} == REGIONS
    assert file == f"{content['version']}.json"
    for book in books.values():
        assert set(book.prices) == {*METERED, *STANDING}
        assert all(price.source for price in book.prices.values() if price.status == "found")


def test_a_price_that_nobody_has_found_is_missing_and_not_zero() -> None:
    books = {region: book for _, content in shipped_books() for region, book in books_of(content, "").items()}
    assert books["cn-north-1"].atto(components.WRITES, "x86_64") is None
    assert books["cn-northwest-1"].atto(components.LAMBDA_TIME, "arm64") is None
    assert books["us-east-1"].atto(components.SSM_REQUESTS, "arm64") == 0
    assert books["us-east-1"].atto(components.OTHER_CALLS, "arm64") is None


def test_prices_of_the_smallest_units_are_those_published() -> None:
    [book] = [book for _, content in shipped_books() for region, book in books_of(content, "").items()
              if region == "us-east-1"]
    assert book.atto(components.LAMBDA_REQUESTS, "arm64") == 200_000_000_000
    assert book.atto(components.WRITES, "arm64") == 625_000_000
    assert book.atto(components.LAMBDA_TIME, "arm64") == 13_020_898  # 13,020,898.4…
    assert book.atto(components.LAMBDA_TIME, "x86_64") == 16_276_074


@pytest.mark.parametrize("region", REGIONS)
def test_rounding_a_price_to_whole_atto_is_off_by_less_than_four_parts_in_a_hundred_million(region: str) -> None:
    book = books_of(shipped_books()[0][1], "")[region]
    for name, price in book.prices.items():
        if name in METERED and price.amount:
            exact = Fraction(price.amount) * 10**18 / METERED[name][1]
            assert abs(smallest(price.amount, name) - exact) / exact <= Fraction(4, 10**8), name


def test_every_component_but_the_unknown_has_a_place_in_a_book() -> None:
    book = dated("2026-11-22.1")
    unknown = [name for name in COMPONENTS if book.atto(name, "arm64") is None]
    assert unknown == [components.OTHER_CALLS]


PRICE = ("regions", "us-east-1", "prices", "lambda_requests")


def broken(path: tuple[str, ...], value: Any) -> Any:
    """Return a book file with something else at a place; None takes the place out."""
    content = copy.deepcopy(book_file("2026-11-22.1"))
    parent = content
    for name in path[:-1]:
        parent = parent[name]
    if value is None:
        del parent[path[-1]]
    else:
        parent[path[-1]] = value
    return content


@pytest.mark.parametrize(
    ("path", "value", "told"),
    [
        (("version",), None, "version is missing: add it"),
        (("version",), "2026-13-01.1", "version: write the first day it holds for"),
        (("version",), "latest", "version: write the first day it holds for"),
        (("version",), 3, "version: write the first day it holds for"),
        (("prices",), {}, "prices is not known: take it out"),
        (("regions",), {}, "regions: write at least one"),
        (("regions", "us-east-1"), [], 'regions.us-east-1: write "currency" and "prices"'),
        (("regions", "us-east-1", "currency"), "CNY", 'currency: write "USD"'),
        (PRICE, None, "prices.lambda_requests is missing: add it, with null for a price that is not known"),
        ((*PRICE[:-1], "lambda_request"), {}, "prices.lambda_request is not known: take it out, or correct its name"),
        (PRICE, "0.2", 'lambda_requests: write {"price"'),
        ((*PRICE, "price"), "-0.20", "lambda_requests.price: -0.20 is negative"),
        ((*PRICE, "price"), -1, "lambda_requests.price: -1 is negative"),
        ((*PRICE, "price"), 0.2, 'lambda_requests.price: write it as text, "0.2"'),
        ((*PRICE, "price"), "cheap", "lambda_requests.price: 'cheap' is no number"),
        ((*PRICE, "price"), "1e-7", "lambda_requests.price: '1e-7' is no number"),
        ((*PRICE, "price"), "NaN", "lambda_requests.price: 'NaN' is no number"),
        ((*PRICE, "price"), True, "lambda_requests.price: True is no number"),
        ((*PRICE, "price"), [], "lambda_requests.price: [] is no number"),
        ((*PRICE, "price"), None, "lambda_requests.price is missing"),
        ((*PRICE, "per"), "request", 'lambda_requests.per: write "1M requests"'),
        ((*PRICE, "status"), "guessed", "lambda_requests.status: write one of found"),
        ((*PRICE, "status"), "missing", "lambda_requests.status: there is a price"),
        ((*PRICE, "color"), "red", "lambda_requests.color is not known"),
    ],
)
def test_a_broken_book_is_refused_with_file_field_and_what_to_do(path: Any, value: Any, told: str) -> None:
    with pytest.raises(PriceBookError) as refusal:
        books_of(broken(path, value), "mine.json")
    assert f"mine.json: {'' if told.startswith(('version', 'prices', 'regions')) else 'regions.'}" in str(refusal.value)
    assert told in str(refusal.value)


def test_a_null_price_has_to_say_that_it_is_missing() -> None:
    content = book_file("2026-11-22.1")
    content["regions"]["us-east-1"]["prices"]["data_out"] = {"price": None, "per": "GB", "status": "found"}
    with pytest.raises(PriceBookError, match=r"data_out\.price: it is null"):
        books_of(content, "mine.json")


@pytest.mark.parametrize("content", [None, [], "text", 3, {"regions": 3, "version": "2026-11-22.1"}])
def test_a_file_of_something_else_is_refused(content: Any) -> None:
    with pytest.raises(PriceBookError, match=r"mine\.json: "):
        books_of(content, "mine.json")


def test_all_faults_are_told_at_once() -> None:
    content = json.loads(json.dumps(book_file("2026-11-22.1")).replace('"0.20"', '"-1"').replace('"GB"', '"MB"'))
    with pytest.raises(PriceBookError) as refusal:
        books_of(content, "mine.json")
    assert len(str(refusal.value).splitlines()) > 1


def test_the_book_of_a_day_is_the_newest_that_holds_by_then() -> None:
    shelf = Shelf.of([dated("2026-12-01.1"), dated("2026-11-22.10"), dated("2026-11-22.9")])
    asked = {"2026-11-01": "2026-11-22.9", "2026-11-22": "2026-11-22.10", "2026-11-30": "2026-11-22.10",
             "2026-12-01": "2026-12-01.1", "2027-01-01": "2026-12-01.1"}
    for day, version in asked.items():
        assert shelf.on(dated(f"{day}.1").valid_from).version == version
    assert shelf.newest.version == "2026-12-01.1"


def test_a_version_that_is_gone_is_asked_for_by_name() -> None:
    with pytest.raises(PermanentError, match=r"2026-01-01\.1"):
        Shelf.of([dated("2026-11-22.1")]).version("2026-01-01.1")


def test_a_region_without_a_book_prices_nothing() -> None:
    book = PriceBook("2026-11-22.1", "eu-west-1", "USD", {})
    assert [book.atto(name, "arm64") for name in COMPONENTS] == [None] * len(COMPONENTS)
    assert smallest(Decimal("0.20"), "lambda_requests") == 200_000_000_000
