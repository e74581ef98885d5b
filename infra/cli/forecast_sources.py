"""Where a forecast's prices and its history come from: a stack, or nothing but what ships with the code."""

import json
from collections.abc import Iterable
from datetime import datetime
from typing import cast

from chalicelib.domain.costs.period import Period
from chalicelib.domain.pricing.book import Architecture, PriceBook
from chalicelib.domain.pricing.booking import Terms
from chalicelib.domain.pricing.line import Line
from chalicelib.domain.pricing.reading import books_of
from chalicelib.domain.pricing.shelf import Shelf
from chalicelib.gateways.shipped_books import shipped_books
from infra.cli.connect import Connection
from infra.dependencies import ROOT
from infra.failure import Failure

CONFIG = ROOT / ".chalice" / "config.json"


def history_of(days: Period) -> Iterable[Line]:
    """Return the ledger's lines of a period."""
    from chalicelib.services.read_costs import lines_in

    return lines_in(days)


def terms_of(connection: Connection, now: datetime) -> Terms:
    """Return the book and the processor that a stack books by today."""
    from chalicelib.config import settings
    from chalicelib.services.read_price_books import shelf_of

    return Terms(shelf_of(connection.region, int(now.timestamp() // 60)).on(now.date()), settings().architecture)


def terms_at(region: str, now: datetime) -> Terms:
    """Return the latest shipped book of a region, and the processor that its stage is deployed with.

    Raises Failure for a region that no shipped book prices.
    """
    config = json.loads(CONFIG.read_text())
    stage = config["stages"]["cn" if region.startswith("cn-") else "prod"]
    book = Shelf.of(shipped(region)).on(now.date())
    return Terms(book, cast(Architecture, stage.get("lambda_architecture", config["lambda_architecture"])))


def shipped(region: str) -> list[PriceBook]:
    """Return a region's shipped books. Raises Failure when there is none."""
    read = [books_of(content, file) for file, content in shipped_books()]
    if not (found := [books[region] for books in read if region in books]):
        known = sorted({name for books in read for name in books})
        raise Failure(f"no shipped price book has {region}: there are {', '.join(known)}")
    return found
