"""Messages to our own queues."""

import json
from datetime import datetime, timedelta
from math import ceil
from typing import Any

from chalicelib.config import settings
from chalicelib.domain.push import digest
from chalicelib.gateways import aws

LARGEST = 250 * 1024  # a queue takes 256 KB
BEGINNING = 16 * 1024
REASON = 4 * 1024


def send(queue_url: str, body: dict[str, Any], delay: timedelta = timedelta(0)) -> None:
    """Put a message on a standard queue, to be seen after `delay` (at most 15 minutes)."""
    aws.client("sqs").send_message(
        QueueUrl=queue_url, MessageBody=json.dumps(body, ensure_ascii=False), DelaySeconds=ceil(delay.total_seconds())
    )


def bucket_of(now: datetime) -> int:
    """Return the number of the gathering interval that an instant lies in."""
    return int(now.timestamp() // settings().gather.total_seconds())


def gather(batch: str, bucket: int) -> None:
    """Ask for a batch to be delivered once its gathering interval is over.

    Asked twice within an interval it is asked once: the queue drops the second message by its deduplication id.
    """
    aws.client("sqs").send_message(
        QueueUrl=settings().pushes_queue_url,
        MessageBody=json.dumps({"batch": batch, "bucket": bucket}),
        MessageGroupId=digest(batch),
        MessageDeduplicationId=digest(batch, bucket),
    )


def delete(queue_arn: str, receipt: str) -> None:
    """Take a message off its queue before its batch is over. It may be off already."""
    config, name = settings(), queue_arn.rpartition(":")[2]
    read = (config.due_steps_queue_url, config.results_queue_url, config.timers_queue_url)
    url = next(url for url in read if url.rpartition("/")[2] == name)
    aws.client("sqs").delete_message(QueueUrl=url, ReceiptHandle=receipt)


def failure_of(record: dict[str, Any], reason: str) -> str:
    """Return a failed record and its reason in ASCII, which a queue always takes.

    What would not fit into a message is left out of it: images, since the row itself is in its table.
    """
    body = json.dumps({"reason": reason, "record": record}, default=str)
    if len(body) <= LARGEST:
        return body
    change = {name: value for name, value in record.get("dynamodb", {}).items() if not name.endswith("Image")}
    rest = {**record, "dynamodb": change} if change else {**record, "body": str(record.get("body"))[:BEGINNING]}
    return json.dumps({"reason": reason, "record": rest, "left_out": "what is too large for a message"}, default=str)


def set_aside(record: dict[str, Any], reason: str) -> None:
    """Keep a record that no retry can save, with its images and the reason, for `redrive` after a repair."""
    url = settings().failures_queue_url
    body = failure_of(record, reason[:REASON])
    sqs = aws.client("sqs")
    if url.endswith(".fifo"):
        sqs.send_message(QueueUrl=url, MessageBody=body, MessageGroupId="failed", MessageDeduplicationId=digest(body))
    else:
        sqs.send_message(QueueUrl=url, MessageBody=body)
