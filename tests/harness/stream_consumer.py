"""An event source mapping on a stream: lanes, batches, retries, and what is left behind."""

import hashlib
import json
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import islice

from tests.harness.delivery import Delivery
from tests.harness.invocation import Invocation
from tests.harness.patterns import passes
from tests.harness.remote import Json
from tests.harness.stack import Trigger
from tests.harness.stream import SHARD, Record, Stream

WINDOW = 200  # how far ahead of each other the records of two keys may come
Invoke = Callable[[str, Json], Invocation]
GiveUp = Callable[[str, str], None]
"""Puts a failure message on the queue with an ARN."""


@dataclass
class Batch:
    """Records on their way: how often they failed, when they are tried next, whether this is their second delivery."""

    records: list[Record]
    due_at: datetime
    failed: int = 0
    is_second: bool = False


@dataclass
class Lane:
    """A part of the keys, whose records go one batch after the other; a batch that fails blocks what is behind it."""

    waiting: deque[Record] = field(default_factory=deque)
    batches: deque[Batch] = field(default_factory=deque)

    def next_moment(self) -> datetime | None:
        """Return when the lane's next batch may be delivered; None when there is nothing."""
        if self.batches:
            return self.batches[0].due_at
        return self.waiting[0].written_at if self.waiting else None

    def head(self) -> int:
        """Return the number of the record that is next; the lane must have one."""
        return int((self.batches[0].records if self.batches else self.waiting)[0].number)


class StreamConsumer:
    """Delivers a stream's records to one function, as its mapping says."""

    def __init__(
        self,
        trigger: Trigger,
        stream: Stream,
        now: Callable[[], datetime],
        delivery: Delivery,
        invoke: Invoke,
        give_up: GiveUp,
    ) -> None:
        self.trigger = trigger
        self.stream = stream
        self.now = now
        self.delivery = delivery
        self.invoke = invoke
        self.give_up = give_up
        self.position = 0
        self.lanes = [Lane() for _ in range(trigger.parallel)]

    def take_in(self) -> None:
        """Sort what is new in the stream into lanes; what the filter drops costs nothing."""
        new = self.stream.records[self.position :]
        self.position += len(new)
        for record in new:
            if passes(self.trigger.patterns, record.event):
                self.lane_of(record.key).waiting.append(record)

    def lane_of(self, key: str) -> Lane:
        """Return the lane of a partition key; which keys share one depends on the seed."""
        digest = hashlib.sha256(f"{self.delivery.seed}/{key}".encode()).digest()
        return self.lanes[digest[0] % len(self.lanes)]

    def next_moment(self) -> datetime | None:
        """Return when there is something to deliver."""
        self.take_in()
        return min((moment for lane in self.lanes if (moment := lane.next_moment())), default=None)

    def step(self) -> None:
        """Deliver one batch."""
        due = [lane for lane in self.lanes if (moment := lane.next_moment()) and moment <= self.now()]
        lane = self.delivery.pick(sorted(due, key=Lane.head))
        batch = lane.batches.popleft() if lane.batches else Batch(self.cut(lane), self.now())
        if fresh := self.without_outdated(batch):
            invocation = self.invoke(self.trigger.function, {"Records": [record.shown() for record in fresh.records]})
            lane.batches.extendleft(reversed(self.left_of(fresh, invocation)))

    def cut(self, lane: Lane) -> list[Record]:
        """Take the next batch from a lane; with a seed any mixture of keys, each key's own order kept."""
        size = self.delivery.cut(min(self.trigger.batch_size, len(lane.waiting)))
        if not self.delivery.shuffled:
            return [lane.waiting.popleft() for _ in range(size)]
        return [self.any_head(lane) for _ in range(size)]

    def any_head(self, lane: Lane) -> Record:
        """Take the oldest record of any key."""
        heads: dict[str, Record] = {}
        for record in islice(lane.waiting, WINDOW):
            heads.setdefault(record.key, record)
        chosen = self.delivery.pick(heads.values())
        lane.waiting.remove(chosen)
        return chosen

    def without_outdated(self, batch: Batch) -> Batch | None:
        """Give up the records that are too old; return what remains."""
        limit = timedelta(seconds=self.trigger.age)
        outdated = [one for one in batch.records if self.trigger.age >= 0 and self.now() - one.written_at > limit]
        if outdated:
            self.discard(outdated, "RecordAgeExceeded", batch.failed)
        batch.records = [one for one in batch.records if one not in outdated]
        return batch if batch.records else None

    def left_of(self, batch: Batch, invocation: Invocation) -> list[Batch]:
        """Return what is still to be delivered of a batch, in order."""
        whole, first = self.verdict(batch, invocation)
        done, rest = batch.records[:first], batch.records[first:]
        again = bool(done) and self.delivery.duplicates and not batch.is_second
        repeated = [Batch(done, self.now(), is_second=True)] if again else []
        return repeated + (self.retries_of(batch, rest, whole) if rest else [])

    def verdict(self, batch: Batch, invocation: Invocation) -> tuple[bool, int]:
        """Return whether the batch failed as a whole, and how many of its records are done with."""
        numbers = [record.number for record in batch.records]
        if invocation.outcome in ("failed", "crashed"):
            return True, 0
        failures = invocation.failures if self.trigger.report else []
        if failures is None or not set(failures) <= set(numbers):
            return True, 0
        return False, min((numbers.index(number) for number in failures), default=len(numbers))

    def retries_of(self, batch: Batch, rest: list[Record], whole: bool) -> list[Batch]:
        """Return how the rest of a batch is tried again, or give it up.

        Bisecting halves a batch that failed as a whole; a partial answer is where it is split instead. A split is no
        retry; everything else is, and after the last one the whole rest is lost to the failure queue.
        """
        due_at = self.now() + self.delivery.retry_after
        is_split = self.trigger.bisect and (len(rest) < len(batch.records) or (whole and len(rest) > 1))
        failed = batch.failed if is_split else batch.failed + 1
        if 0 <= self.trigger.retries < failed:
            self.discard(rest, "RetryAttemptsExhausted", failed)
            return []
        half = len(rest) // 2 if is_split and whole else 0
        parts = [rest[:half], rest[half:]]
        return [Batch(part, due_at, failed, batch.is_second) for part in parts if part]

    def discard(self, records: list[Record], condition: str, failed: int) -> None:
        """Tell the failure queue which records are lost: numbers and times, never what was in them."""
        if not self.trigger.failure_to:
            return
        first, last = records[0], records[-1]
        message = {
            "requestContext": {
                "condition": condition,
                "approximateInvokeCount": failed,
                "functionArn": self.trigger.function,
            },
            "version": "1.0",
            "timestamp": f"{self.now():%Y-%m-%dT%H:%M:%S.000Z}",
            "DDBStreamBatchInfo": {
                "shardId": SHARD,
                "startSequenceNumber": first.number,
                "endSequenceNumber": last.number,
                "approximateArrivalOfFirstRecord": f"{first.written_at:%Y-%m-%dT%H:%M:%SZ}",
                "approximateArrivalOfLastRecord": f"{last.written_at:%Y-%m-%dT%H:%M:%SZ}",
                "batchSize": len(records),
                "streamArn": self.trigger.source,
            },
        }
        self.give_up(self.trigger.failure_to, json.dumps(message))
