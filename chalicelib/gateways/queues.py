"""Messages to our own queues."""

import json
from datetime import datetime, timedelta
from math import ceil
from typing import Any

from chalicelib.config import settings
from chalicelib.domain.push import digest
from chalicelib.gateways import aws


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


def set_aside(record: dict[str, Any], reason: str) -> None:
    """Keep a record that no retry can save, with its images and the reason, for `redrive` after a repair."""
    url = settings().failures_queue_url
    body = json.dumps({"reason": reason, "record": record}, ensure_ascii=False, default=str)
    sqs = aws.client("sqs")
    if url.endswith(".fifo"):
        sqs.send_message(QueueUrl=url, MessageBody=body, MessageGroupId="failed", MessageDeduplicationId=digest(body))
    else:
        sqs.send_message(QueueUrl=url, MessageBody=body)
