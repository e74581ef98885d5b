"""Rows that cannot be read, functions that die of a record, and a cloud that runs some of its functions only."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import timedelta
from math import ceil
from typing import Any

from moto.dynamodb.models.dynamo_type import DynamoType

from infra.cli.failure_queue import Failed, FailureQueue
from infra.cli.putting_back import puller_for
from infra.cli.redrive import worked_through
from tests.harness.cloud import Cloud
from tests.harness.database import backend
from tests.harness.faults import Crash
from tests.harness.functions import functions_of_app
from tests.harness.invocation import Invocation, process
from tests.harness.operator import OperatorConnection
from tests.harness.remote import ATTACHED, Call

Json = dict[str, Any]
UNREADABLE = "{"
LANES = 10
SECOND = timedelta(seconds=1)
HELD = timedelta(seconds=301)  # how long the operator's messages stay out of sight


def only(cloud: Cloud, *functions: str) -> None:
    """Let the cloud run these functions and its schedules only: what the others would do is not looked at."""
    cloud.runner.sources = [one for one in cloud.runner.sources if function_of(one) in (*functions, None)]


def function_of(source: Any) -> str | None:
    """Return the function that a source delivers to."""
    trigger = getattr(source, "trigger", None)
    return trigger.function if trigger else None


def spoiled(cloud: Cloud, table: str, **keys: str) -> Callable[[], None]:
    """Make a stored row unreadable; return what makes it readable again.

    Neither leaves a trace in the stream: as if one release could not read the row, and the next one can.
    """
    name = f"{cloud.stack.name}-{table}"
    item: Any = backend().get_item(name, {key: {"S": value} for key, value in keys.items()})
    attribute = "document" if "document" in item.attrs else "customer_id"
    good = item.attrs[attribute]

    def mend() -> None:
        item.attrs[attribute] = good

    item.attrs[attribute] = DynamoType({"S": UNREADABLE} if attribute == "document" else {"N": "1"})
    return mend


class Death:
    """A wire on which a function dies as soon as it makes a call about somebody."""

    def __init__(self, cloud: Cloud, function: str, somebody: str) -> None:
        self.wiring, self.function, self.somebody = cloud.wiring, function, somebody

    def before(self, call: Call) -> None:
        """See a call leave."""
        self.wiring.before(call)

    def after(self, call: Call) -> None:
        """See a call return."""
        self.wiring.after(call)

    def answer(self, service: str, operation: Any, params: Mapping[str, Any]) -> Json | None:
        """Answer a call, or let its process die."""
        running = self.wiring.recordings
        if running and running[-1].function == self.function and self.somebody in str(params):
            raise Crash
        return self.wiring.answer(service, operation, params)


@contextmanager
def deadly(cloud: Cloud, function: str, somebody: str) -> Iterator[None]:
    """Let a function die of every record about somebody, while the block lasts."""
    death = Death(cloud, function, somebody)
    ATTACHED.append(death)
    try:
        yield
    finally:
        ATTACHED.remove(death)


def calls_of(cloud: Cloud, function: str) -> list[Invocation]:
    """Return the invocations of a function."""
    return [one for one in cloud.invocations if one.function == function]


def bound(function: str, records: int, halvings: int = 0, retries: int = 0) -> int:
    """Return how many invocations a number of records may take: full batches, a rest in every lane, and trouble."""
    _, sizes = functions_of_app()
    return ceil(records / sizes[function]) + LANES + halvings + retries


def lateness(cloud: Cloud, function: str) -> timedelta:
    """Return how old the oldest record of a stream was when its function was called: what IteratorAge shows."""
    written = {record.number: record.written_at for stream in cloud.streams.values() for record in stream.records}
    ages = [
        one.at - written[record["dynamodb"]["SequenceNumber"]]
        for one in calls_of(cloud, function)
        for record in one.records
    ]
    return max(ages)


@contextmanager
def operator(cloud: Cloud, function: str) -> Iterator[tuple[Any, FailureQueue]]:
    """Sit where the operator sits: what puts a function's failures back, and their queue."""
    with process(cloud.functions.environment("run_step")):
        connection = OperatorConnection(cloud.stack.name, 1.0, cloud)
        puller = puller_for(function, connection)
        yield puller, FailureQueue(connection.client("sqs"), connection.physical(puller.failures))


def put_back_and_die(cloud: Cloud, function: str) -> None:
    """Begin to redrive, and be killed after the first message was put back and before it was deleted."""
    with operator(cloud, function) as (puller, queue):
        puller.put_back(next(queue.messages(1)))
    cloud.run_until_quiet()
    cloud.advance(HELD)


def put_back(cloud: Cloud, function: str) -> list[str]:
    """Redrive, let the cloud run, and return what became of each message."""
    kept: list[Failed] = []
    chosen: Any = type("Chosen", (), {"limit": 1_000, "dry_run": False})
    with operator(cloud, function) as (puller, queue):
        fates = [one["fate"] for one in worked_through(queue, puller, chosen, kept)]
        queue.give_back(kept)
    cloud.run_until_quiet()
    return fates


def keys_in(failures: Sequence[Json]) -> list[str]:
    """Return the keys of the rows whose records lie in a failure queue."""
    return ["/".join(value["S"] for value in one["record"]["dynamodb"]["Keys"].values()) for one in failures]
