"""The customers table's stream: a customer was tagged, described, or lost a tag."""

from datetime import UTC, datetime
from typing import Any

from chalicelib.handlers.records import Batch, take_stream
from chalicelib.services.move_customer import move_customer


def handle(event: dict[str, Any]) -> Batch:
    """Move each changed customer, up to the first that must come back."""
    return take_stream(event, lambda record: move_customer(customer_of(record), datetime.now(UTC)))


def customer_of(record: dict[str, Any]) -> str:
    """Return the id of the customer whom a record is about."""
    return str(record["dynamodb"]["Keys"]["customer_id"]["S"])
