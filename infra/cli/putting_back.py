"""Putting one failed message back where it came from.

Three kinds lie in failure queues: records that a handler set aside with a reason; messages that a queue gave up after
all retries, as they were; and, when a stream's retries ran out, only the news of which records those were.
"""

import json
from collections.abc import Mapping
from typing import Any, Protocol

from pydantic import ValidationError

from chalicelib.config import settings
from chalicelib.domain.push import digest
from chalicelib.schemas.wakeups import BatchDue, ResultsDue, StepDue, TimerDue, Wakeup
from infra.cli.connect import Connection
from infra.cli.failure_queue import Failed
from infra.cli.log_batches import LogBatches
from infra.cli.stream_records import ExpiredError, read_records, wanted

STREAMS = {"tag": "Tag", "greet": "Greet", "move": "Move", "schedule": "Schedule"}
QUEUES = {"run_step": "RunStep", "deliver": "Deliver", "collect": "Collect", "pass_time": "PassTime"}
WAKEUPS: tuple[type[Wakeup], ...] = (StepDue, BatchDue, ResultsDue, TimerDue)
GIVEN_UP = "given up after all retries"
Record = dict[str, Any]


class NotPutBackError(Exception):
    """The message has to stay; the text says why."""


class Puller(Protocol):
    """Puts the messages of one failure queue back."""

    failures: str

    def name_of(self, message: Failed) -> str:
        """Return what a message is about; the same for one that comes again."""

    def reason_of(self, message: Failed) -> str:
        """Return why it failed."""

    def is_back(self, message: Failed) -> bool:
        """Whether a message may be one that was put back and has failed again, and not a second one about the same."""

    def put_back(self, message: Failed) -> str:
        """Put a message back; return how. Raises NotPutBackError."""


def puller_for(function: str, connection: Connection) -> Puller:
    """Return what puts a function's failures back; `schedules` are the wake-ups that found no queue."""
    if function == "book":
        return LogBatches(connection)
    if function in STREAMS:
        return ByInvocation(function, connection)
    return ByQueue(f"{QUEUES[function]}Failures" if function in QUEUES else "UndeliveredSchedules", connection)


def content_of(message: Failed) -> dict[str, Any]:
    """Return a message's body. Raises NotPutBackError when it is none of ours."""
    try:
        body = json.loads(message.body)
    except ValueError:
        body = None
    if not isinstance(body, dict):
        raise NotPutBackError("not one of our messages")
    return body


def told_reason(message: Failed) -> str:
    """Return the reason that was stored with a message."""
    try:
        return str(content_of(message).get("reason", GIVEN_UP))
    except NotPutBackError as error:
        return str(error)


class ByInvocation:
    """Calls the function with the records of its stream, marked as put back: they are out of the stream's order."""

    def __init__(self, function: str, connection: Connection) -> None:
        self.function, self.connection = function, connection
        self.failures = f"{STREAMS[function]}Failures"
        self.physical = connection.physical(STREAMS[function])

    def name_of(self, message: Failed) -> str:
        """Return the key of the record, or which part of the stream the news is about."""
        body = json.loads(message.body) if told_reason(message) != "not one of our messages" else {}
        news = body.get("DDBStreamBatchInfo")
        if news:
            return f"{news['batchSize']} records of {news['shardId']} from {news['startSequenceNumber']}"
        image = body.get("record", {}).get("dynamodb", {})
        key = "/".join(value["S"] for value in image.get("Keys", {}).values())
        return f"{key} at {image.get('SequenceNumber')}" if key else message.message_id

    def reason_of(self, message: Failed) -> str:
        """Return why it failed."""
        return told_reason(message)

    def is_back(self, message: Failed) -> bool:
        """Whether the record bears the mark. A function that died after it set a record aside set it aside twice."""
        return bool(content_of(message).get("record", {}).get("redriven"))

    def put_back(self, message: Failed) -> str:
        """Call the function with each record by itself."""
        body = content_of(message)
        news = body.get("DDBStreamBatchInfo")
        records = self.read(news) if news else [marked(body.get("record"))]
        for record in records:
            self.call(record)
        return f"by {len(records)} call{'s' if len(records) > 1 else ''} of {self.physical}"

    def read(self, news: Mapping[str, Any]) -> list[Record]:
        """Return the records of a batch that was given up, marked: later ones of their rows may have overtaken them."""
        try:
            found = read_records(self.connection.client("dynamodbstreams"), news)
        except ExpiredError as error:
            raise NotPutBackError(str(error)) from error
        return [marked(record) for record in found if wanted(self.function, record)]

    def call(self, record: Record) -> None:
        """Call the function with one record. Raises NotPutBackError when it fails or wants it again."""
        payload = json.dumps({"Records": [record]}, ensure_ascii=False).encode()
        answer = self.connection.client("lambda").invoke(FunctionName=self.physical, Payload=payload)
        said = json.loads(answer["Payload"].read() or b"{}") or {}
        if answer.get("FunctionError"):
            raise NotPutBackError(f"the function failed: {said.get('errorType')}: {said.get('errorMessage')}")
        if said.get("batchItemFailures"):
            raise NotPutBackError("the function wants it again later: repeat the command")


def marked(record: Any) -> Record:
    """Return a record marked as put back."""
    if not isinstance(record, dict) or "dynamodb" not in record:
        raise NotPutBackError("it holds no record of a stream")
    return {**record, "redriven": True}


class ByQueue:
    """Sends a wake-up to its queue again."""

    def __init__(self, failures: str, connection: Connection) -> None:
        self.failures, self.sqs = failures, connection.client("sqs")

    def name_of(self, message: Failed) -> str:
        """Return the wake-up."""
        try:
            return wakeup_in(message).model_dump_json()
        except NotPutBackError:
            return message.message_id

    def reason_of(self, message: Failed) -> str:
        """Return why it failed."""
        return told_reason(message)

    def is_back(self, message: Failed) -> bool:
        """Whether it may be back: a wake-up bears no mark."""
        return True

    def put_back(self, message: Failed) -> str:
        """Send the wake-up. Its deduplication id is a new one, or the queue might drop it without a word."""
        wakeup, config = wakeup_in(message), settings()
        body = wakeup.model_dump_json()
        if isinstance(wakeup, BatchDue):
            body = BatchDue(batch=wakeup.batch, bucket=wakeup.bucket).model_dump_json()  # with a day of visits again
            url, grouping = config.pushes_queue_url, {
                "MessageGroupId": digest(wakeup.batch),
                "MessageDeduplicationId": digest(wakeup.batch, wakeup.bucket, message.message_id),
            }
        else:
            url, grouping = {
                StepDue: config.due_steps_queue_url,
                ResultsDue: config.results_queue_url,
                TimerDue: config.timers_queue_url,
            }[type(wakeup)], {}
        self.sqs.send_message(QueueUrl=url, MessageBody=body, **grouping)
        return f"on {url.rpartition('/')[2]}"


def wakeup_in(message: Failed) -> Wakeup:
    """Return the wake-up that a message holds, set aside or given up. Raises NotPutBackError when it holds none."""
    body = content_of(message)
    if "record" in body:
        body = content_of(Failed(message.message_id, "", str(body["record"].get("body"))))
    for shape in WAKEUPS:
        try:
            return shape.model_validate(body)
        except ValidationError:
            continue
    raise NotPutBackError("it holds no wake-up")
