"""The functions' logs: usage lines and Lambda's reports, which become lines of the ledger.

An exception brings the same batch back: Lambda tries twice more, a minute and two minutes later, and then puts it into
BookFailures.
"""

from datetime import UTC, datetime
from typing import Any

from chalicelib.config import stack_name
from chalicelib.domain.pricing.months import months_among
from chalicelib.observability import count, logger
from chalicelib.schemas.logs.delivery import Delivery, delivery_in, function_of
from chalicelib.schemas.logs.reading import Unreadable, read_lines
from chalicelib.services.book_usage import book_usage
from chalicelib.services.read_price_books import shelf
from chalicelib.services.watch_budgets import watch_budgets


def handle(event: dict[str, Any]) -> None:
    """Book a batch. Raises UnreadableDeliveryError for what is none, TransientError when it has to come again."""
    delivery = delivery_in(event)
    if delivery.kind == "DATA_MESSAGE":
        book(delivery, datetime.now(UTC))


def book(delivery: Delivery, now: datetime) -> None:
    """Book the lines of a batch that are ours; a log group that is not one of this stack's is told and left alone."""
    function = function_of(delivery.group, stack_name())
    if function is None:
        logger.warning("lines of a log group that is not ours", extra={"group": delivery.group})
        return
    lines = read_lines((delivery.stream, event) for event in delivery.events)
    booked = book_usage(function, lines.facts, shelf(now))
    tell(function, lines.unreadable)
    for name, number in (("Unattributed", booked.unattributed), ("UsageMissing", booked.silent)):
        if number:
            count(name, number)
    watch_budgets(months_among(booked.touched), now)


def tell(function: str, unreadable: list[Unreadable]) -> None:
    """Say which lines look like ours and cannot be read: where they stand, and never what is in them."""
    if unreadable:
        count("UsageUnreadable", len(unreadable))
    for line in unreadable:
        logger.warning("a usage line or report that cannot be read", extra={"from": function, **vars(line)})
