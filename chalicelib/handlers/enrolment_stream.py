"""The enrolments table's stream: a run began, moved on, or ended."""

from datetime import UTC, datetime
from typing import Any

from chalicelib.handlers.records import Batch, take_stream
from chalicelib.services.schedule_step import schedule_step


def handle(event: dict[str, Any]) -> Batch:
    """Schedule the next step of each changed enrolment, up to the first that must come back."""
    return take_stream(event, schedule)


def schedule(record: dict[str, Any]) -> None:
    """Schedule the next step of the enrolment that a record is about."""
    keys = record["dynamodb"]["Keys"]
    schedule_step(keys["customer_id"]["S"], keys["run"]["S"], datetime.now(UTC))
