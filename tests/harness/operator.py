"""The operator beside the cloud: the commands that repair, reaching this process instead of a region."""

import json
from argparse import Namespace
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from io import BytesIO
from types import SimpleNamespace
from typing import Any

from infra.cli.connect import Connection
from infra.cli.failure_queue import Failed, FailureQueue
from infra.cli.putting_back import puller_for
from infra.cli.redrive import Outcome, worked_through
from tests.harness.cloud import Cloud
from tests.harness.database import client
from tests.harness.invocation import process
from tests.harness.template import logical_id

RETENTION = timedelta(hours=24)
Json = dict[str, Any]


class TrimmedDataAccessException(Exception):
    """The record is older than a stream's memory."""


class Streams:
    """DynamoDB's streams API, as far as it reads a shard from one record on."""

    exceptions = SimpleNamespace(
        TrimmedDataAccessException=TrimmedDataAccessException, ResourceNotFoundException=KeyError
    )

    def __init__(self, cloud: Cloud) -> None:
        self.cloud = cloud

    def get_shard_iterator(self, **params: Any) -> Json:
        """GetShardIterator at a sequence number. Raises TrimmedDataAccessException after 24 hours."""
        records = self.cloud.streams[params["StreamArn"]].records
        index = next(at for at, one in enumerate(records) if one.number == params["SequenceNumber"])
        if self.cloud.now - records[index].written_at > RETENTION:
            raise TrimmedDataAccessException
        return {"ShardIterator": f"{params['StreamArn']}|{index}"}

    def get_records(self, ShardIterator: str) -> Json:
        """GetRecords: all the rest in one page."""
        arn, _, index = ShardIterator.partition("|")
        return {"Records": [one.shown() for one in self.cloud.streams[arn].records[int(index) :]]}


class Lambda:
    """Lambda's API: Invoke."""

    def __init__(self, cloud: Cloud) -> None:
        self.cloud = cloud

    def invoke(self, FunctionName: str, Payload: bytes) -> Json:
        """Call a function, and answer as Lambda does for one that failed."""
        invocation = self.cloud.invoke(FunctionName, json.loads(Payload))
        if invocation.outcome in ("failed", "crashed"):
            told = {"errorType": type(invocation.error).__name__, "errorMessage": str(invocation.error)}
            return {"FunctionError": "Unhandled", "Payload": BytesIO(json.dumps(told).encode())}
        return {"Payload": BytesIO(json.dumps(invocation.answer).encode())}


@dataclass(frozen=True)
class OperatorConnection(Connection):
    """A connection to a cloud of this process."""

    cloud: Cloud

    def client(self, service: Any) -> Any:
        """Return what reaches a service."""
        own: Mapping[str, Any] = {"lambda": Lambda(self.cloud), "dynamodbstreams": Streams(self.cloud)}
        return own[service] if service in own else client(service)

    def physical(self, logical: str) -> str:
        """Return a failure queue's URL, or a function's name."""
        names = {logical_id(name): name for name in self.cloud.stack.environments}
        if logical in names:
            return names[logical]
        function = names.get(logical.removesuffix("Failures"))
        environment = self.cloud.stack.environments[function or "tag"]
        dead_letters = next(url for url in self.cloud.queues.by_url if url.endswith("-undelivered-schedules"))
        return environment["FAILURES_QUEUE_URL"] if function else dead_letters


def put_back(cloud: Cloud, function: str) -> list[Outcome]:
    """Do what `redrive` does for a function, or for `schedules`; return what became of each message."""
    chosen = Namespace(limit=1_000, dry_run=False)
    kept: list[Failed] = []
    with process(cloud.functions.environment("run_step")):
        connection = OperatorConnection(cloud.stack.name, 1.0, cloud)
        puller = puller_for(function, connection)
        queue = FailureQueue(connection.client("sqs"), connection.physical(puller.failures))
        outcomes = list(worked_through(queue, puller, chosen, kept))
        queue.give_back(kept)
    return outcomes
