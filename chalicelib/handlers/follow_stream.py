"""The behaviours table's stream: a customer followed, and may be greeted within 20 seconds."""

import time
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any

from chalicelib import metering
from chalicelib.handlers.records import Batch, Record, take_stream
from chalicelib.handlers.warm_apps import warm_apps
from chalicelib.services.greet_customer import greet_customer
from chalicelib.services.wecom_apps import WeComApps

LANES = 10  # as many as a batch has records: nobody's welcome waits for another's


def handle(event: dict[str, Any], apps: WeComApps | None = None) -> Batch:
    """Greet all customers of a batch side by side; report up to the first that must come back."""
    reached = apps or warm_apps()
    if len(event["Records"]) == 1:
        return take_stream(event, lambda record: greet(record, reached))
    with ThreadPoolExecutor(LANES) as pool:
        greetings = {number_of(record): pool.submit(greet_beside, record, reached) for record in event["Records"]}
        return take_stream(event, lambda record: awaited(greetings[number_of(record)]))


def greet_beside(record: Record, apps: WeComApps) -> None:
    """Greet in a thread, which has a scope of its own."""
    with metering.record():
        greet(record, apps)


def awaited(greeting: "Future[None]") -> None:
    """Wait for a greeting; its own thread measures it."""
    with metering.waiting():
        greeting.result()


def greet(record: Record, apps: WeComApps) -> None:
    """Greet the customer of one record."""
    keys = record["dynamodb"]["Keys"]
    greet_customer(keys["subject"]["S"], keys["position"]["S"], apps, lambda: datetime.now(UTC), time.sleep)


def number_of(record: Record) -> str:
    """Return a record's place in the stream."""
    return str(record["dynamodb"]["SequenceNumber"])
