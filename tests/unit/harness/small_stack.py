"""A stack as small as a test of the harness needs, and what such a test writes into it."""

import json
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import boto3

from infra.structure import load_yaml
from tests.harness import Cloud, Delivery

STACK = "chaoxi-test"
TEMPLATE = Path(__file__).with_suffix(".yaml")
CHANGES = {
    "stream": ["Listen"],
    "event": ["Read", "ReadFifo"],
    "table": ["Facts"],
    "queue": ["Jobs"],
    "fifo": ["Lines"],
}
Json = dict[str, Any]


class Spy:
    """A function that notes the names of what it is given, and answers or raises what the test says."""

    def __init__(self, behave: Callable[[list[Json]], Any] | None = None) -> None:
        self.seen: list[list[str]] = []
        self.behave = behave or (lambda records: None)

    def __call__(self, event: Json, context: Any) -> Any:
        self.seen.append([name_of(record) for record in event["Records"]])
        return self.behave(event["Records"])

    @property
    def all(self) -> list[str]:
        return [name for names in self.seen for name in names]


def reporting(*names: str, times: int = 99) -> Callable[[list[Json]], Json]:
    """Report these names as failed, so many times."""
    left = dict.fromkeys(names, times)

    def behave(records: list[Json]) -> Json:
        failed = [record for record in records if left.get(name_of(record), 0) > 0]
        for record in failed:
            left[name_of(record)] -= 1
        return {"batchItemFailures": [{"itemIdentifier": id_of(record)} for record in failed]}

    return behave


def raising(*names: str, times: int = 99) -> Callable[[list[Json]], None]:
    """Raise for a batch that has one of these names, so many times."""
    left = times

    def behave(records: list[Json]) -> None:
        nonlocal left
        if left > 0 and any(name_of(record) in names for record in records):
            left -= 1
            raise RuntimeError("no")

    return behave


def id_of(record: Json) -> str:
    """What a partial batch response calls a record."""
    return str(record["messageId"] if "body" in record else record["dynamodb"]["SequenceNumber"])


def name_of(record: Json) -> str:
    """A stream record's `<key><position>`, or a message's body."""
    if "body" in record:
        return str(record["body"])
    keys = record["dynamodb"]["Keys"]
    return str(keys["who"]["S"] + keys["what"]["S"])


def cloud_with(
    listen: Any = None,
    read: Any = None,
    read_fifo: Any = None,
    delivery: Delivery | None = None,
    **changes: Json,
) -> Cloud:
    """A cloud whose functions are `listen` (on the stream), `read` and `read_fifo` (on the queues).

    `changes` are properties to set: of the mapping on the stream (`stream`), of those on the queues (`event`), of the
    table, the queue and the FIFO queue (`table`, `queue`, `fifo`).
    """
    functions = {"listen": listen or Spy(), "read": read or Spy(), "read_fifo": read_fifo or Spy()}
    return Cloud(functions, template(**changes), delivery)


def template(**changes: Json) -> Json:
    """The small stack's template, changed."""
    whole = load_yaml(TEMPLATE)
    body = whole["Resources"]
    mappings = {
        name: body[name]["Properties"]["Events"]["Source"]["Properties"] for name in ("Listen", "Read", "ReadFifo")
    }
    properties = {name: body[name]["Properties"] for name in ("Facts", "Jobs", "Lines")} | mappings
    for change, names in CHANGES.items():
        for name in names:
            properties[name].update(changes.get(change, {}))
    return whole


@cache
def client(service: Any) -> Any:
    return boto3.client(service)


def write(*names: str, **more: str) -> None:
    """Write a fact per name: its first letter is the partition key, the rest the range key."""
    for name in names:
        item = {"who": {"S": name[0]}, "what": {"S": name[1:]}, **{key: {"S": value} for key, value in more.items()}}
        client("dynamodb").put_item(TableName=f"{STACK}-facts", Item=item)


@cache
def url(queue: str) -> str:
    return str(client("sqs").get_queue_url(QueueName=f"{STACK}-{queue}")["QueueUrl"])


def send(*bodies: str, delay: int = 0) -> None:
    for body in bodies:
        client("sqs").send_message(QueueUrl=url("jobs"), MessageBody=body, DelaySeconds=delay)


def line_up(*bodies: str) -> None:
    """Send to the FIFO queue: a body's first letter is its group, the whole its deduplication id."""
    for body in bodies:
        client("sqs").send_message(
            QueueUrl=url("lines.fifo"), MessageBody=body, MessageGroupId=body[0], MessageDeduplicationId=body
        )


def plan(name: str, at: str, body: Any = "woken", queue: str = "jobs", **more: Any) -> None:
    """Create a schedule that puts `body` on the queue at `at` (UTC, without zone)."""
    arn = f"arn:aws:sqs:ap-southeast-1:123456789012:{STACK}-{queue}"
    text = body if isinstance(body, str) else json.dumps(body)
    client("scheduler").create_schedule(
        **{
            "Name": name,
            "GroupName": STACK,
            "ScheduleExpression": f"at({at})",
            "ActionAfterCompletion": "DELETE",
            "FlexibleTimeWindow": {"Mode": "OFF"},
            "Target": {"Arn": arn, "RoleArn": "arn:aws:iam::1:role/r", "Input": text},
            **more,
        }
    )
