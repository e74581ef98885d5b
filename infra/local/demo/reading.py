"""What the board shows, read from the tables and from the platform: cheap enough for every few seconds."""

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from infra.local.demo.watch import Watch
from infra.local.emulator import Emulator
from infra.local.wecom import WecomWorld

Document = dict[str, Any]


@dataclass(frozen=True)
class Reading:
    """One look at everything."""

    seconds: float
    stages: Counter[str] = field(default_factory=Counter)
    pushes: Counter[str] = field(default_factory=Counter)
    welcomes: Counter[str] = field(default_factory=Counter)
    reasons: Counter[str] = field(default_factory=Counter)
    overdue: int = 0
    tasks_waiting: int = 0
    tasks_confirmed: int = 0


@dataclass
class Reader:
    """Reads the tables of one stack in the emulator, and the simulator in this process."""

    emulator: Emulator
    stack: str
    world: WecomWorld
    watch: Watch

    def read(self, seconds: float, now: float) -> Reading:
        """Look once; `seconds` since the curtain rose, `now` as a real second for the watch."""
        enrolments, pushes = list(self.documents("enrolments")), list(self.documents("pushes"))
        pushes = [push for push in pushes if "channel" in push]
        self.watch.look(enrolments, pushes, now)
        waiting, confirmed = tasks_of(self.world)
        return Reading(
            seconds=seconds,
            stages=Counter(map(place_of, enrolments)),
            pushes=states_of(pushes, "group_send"),
            welcomes=states_of(pushes, "welcome"),
            reasons=Counter(push["reason"] for push in pushes if push.get("reason")),
            overdue=self.watch.overdue(now),
            tasks_waiting=waiting,
            tasks_confirmed=confirmed,
        )

    def documents(self, table: str) -> Iterator[Document]:
        """Yield the documents of a whole table."""
        pages = self.emulator.client("dynamodb").get_paginator("scan").paginate(
            TableName=f"{self.stack}-{table}", ProjectionExpression="#d", ExpressionAttributeNames={"#d": "document"}
        )
        for page in pages:
            yield from (json.loads(item["document"]["S"]) for item in page["Items"] if "document" in item)

    def kept(self) -> dict[str, int]:
        """Return how many records each failure queue keeps, those that keep none left out."""
        sqs = self.emulator.client("sqs")
        urls = sqs.list_queues(QueueNamePrefix=self.stack).get("QueueUrls", [])
        failing = [url for url in urls if "-failures" in url or url.endswith("-undelivered-schedules")]
        counts = {url.rpartition("/")[2]: depth_of(sqs, url) for url in failing}
        return {name: count for name, count in counts.items() if count}


def place_of(enrolment: Document) -> str:
    """Return where a customer stands in a journey: their stage, or how it ended."""
    place = enrolment["stage"] if enrolment["state"] in ("active", "paused") else enrolment["state"]
    return f"{enrolment['journey']}/{place}"


def states_of(pushes: Iterable[Document], channel: str) -> Counter[str]:
    """Return how many pushes of a channel are in which state."""
    return Counter(str(push["state"]) for push in pushes if push["channel"] == channel)


def tasks_of(world: WecomWorld) -> tuple[int, int]:
    """Return how many group-send tasks wait for a staff member and how many were confirmed."""
    waiting = len(world.waiting())
    with world.lock:
        sends = [send for corp in world.state.corps.values() for send in corp.group_sends.values()]
        return waiting, sum(len(send.confirmed_at) for send in sends)


def depth_of(sqs: Any, url: str) -> int:
    """Return how many messages a queue holds, seen or not."""
    names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
    attributes = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=names)["Attributes"]
    return sum(int(attributes[name]) for name in names)
