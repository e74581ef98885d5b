"""Costs that were really booked: a usage line and a report each, through the ledger's own writing side."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from itertools import count

from chalicelib.domain.pricing.facts import Report, Row, Usage
from chalicelib.models.ledger import LedgerRow
from chalicelib.services import hold_journey, read_price_books, watch_budgets
from chalicelib.services.book_usage import Booked, book_usage

NUMBERS = count(1)


@contextmanager
def ledger() -> Iterator[None]:
    """Make the ledger's table, in a process that has read nothing yet."""
    forget()
    LedgerRow.create_table(billing_mode="PAY_PER_REQUEST")
    yield
    forget()


def forget() -> None:
    """Let a minute's memory be over."""
    for cache in (hold_journey.looked_up, watch_budgets.known):
        cache.cache_clear()
    read_price_books.forget()


def spent(at: datetime, writes: int, *keys: Mapping[str, str], function: str = "RunStep", billed_ms: int = 0) -> Booked:
    """Book an invocation that wrote so many units on behalf of each of some keys; without one, of nobody's."""
    moment, shard = round(at.timestamp() * 1000), next(NUMBERS) % 8
    rows = tuple(Row(key=dict(key), wall_ns=1, wru=writes * 1000) for key in keys or ({},))
    facts: list[Usage | Report] = [
        Usage(trigger="sqs", cold=False, records=1, rows=rows, at=moment, log_bytes=0, shard=shard),
        Report(billed_ms=billed_ms, memory_mb=512, status="success", at=moment, log_bytes=0, shard=shard),
    ]
    return book_usage(function, {f"request-{next(NUMBERS)}": facts}, read_price_books.shelf(at))


def lost(at: datetime, function: str = "Tag") -> None:
    """Book an invocation that timed out: a report without a usage line."""
    moment = round(at.timestamp() * 1000)
    report = Report(at=moment, log_bytes=0, shard=0, billed_ms=60_000, memory_mb=512, status="timeout")
    book_usage(function, {f"request-{next(NUMBERS)}": [report]}, read_price_books.shelf(at))
