"""What metering costs a function: the processor time of its parts, over that of the work that they measure."""

import sys
from io import StringIO
from types import SimpleNamespace
from typing import Any

from benchmarks.measure import cpu_of
from benchmarks.stopwatch import Stopwatch
from benchmarks.village import behave, invoke, village
from chalicelib import metering
from chalicelib.metering.hooks import ask_for_units, count_call

CUSTOMERS = 200
CONTEXT = SimpleNamespace(aws_request_id="6f0baa94-d551-5a94-abf8-24f4fccf39fc", function_name="chaoxi-prod-Tag-ABC")


class DynamoDBEvent:
    """As much of an event as the middleware looks at."""

    context = CONTEXT

    def to_dict(self) -> dict[str, Any]:
        """Return the event."""
        return {"Records": [0]}


def model_of(operation: str) -> Any:
    """Return as much of botocore's model as the hooks look at."""
    shape = SimpleNamespace(members={"ReturnConsumedCapacity": 1})
    return SimpleNamespace(name=operation, input_shape=shape, service_model=SimpleNamespace(service_name="dynamodb"))


ANSWER = {"ConsumedCapacity": {"CapacityUnits": 1.0}}
MODEL = model_of("GetItem")


def one_call() -> None:
    """Meter one call of DynamoDB."""
    context: dict[str, Any] = {}
    ask_for_units(params={}, model=MODEL, context=context)
    count_call(parsed=ANSWER, model=MODEL, context=context)


def one_record() -> None:
    """Meter one record's scope."""
    with metering.record():
        metering.name(account="main", journey="consultation/consultation", stage="new", step="d1", staff="li")


def one_invocation() -> None:
    """Meter an invocation of one record, and print its line."""
    metering.meter_invocation(DynamoDBEvent(), lambda event: one_record())


def rows() -> list[tuple[str, float, str]]:
    """Return (what, value, unit) of each figure."""
    with village(CUSTOMERS) as (cloud, watch):
        work, calls = {}, {}
        for batch in (1, 100):
            records = behave(cloud, CUSTOMERS)
            watch.begin()
            invoke(cloud, "tag", records, batch)
            work[batch], calls[batch] = watch.cpu["tag"] / CUSTOMERS, calls_in(watch) / CUSTOMERS
    quiet, sys.stdout = sys.stdout, StringIO()
    try:
        call, record, invocation = cpu_of(one_call, 2_000), cpu_of(one_record, 2_000), cpu_of(one_invocation, 500)
    finally:
        sys.stdout = quiet
    found = [("metering one call of DynamoDB", call * 1e6, "µs CPU")]
    for batch in (1, 100):
        metered = call * calls[batch] + record + (invocation - record) / batch
        found.append((f"metering, of tag's processor time, batches of {batch}", metered / work[batch] * 100, "%"))
    return found


def calls_in(watch: Stopwatch) -> int:
    """Return how many calls of other systems were made."""
    return sum(sum(row.get("calls", {}).values()) for usage in watch.usages for row in usage["rows"])
