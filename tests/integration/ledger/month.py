"""A month of a company's logs: what every function prints and what Lambda reports, for so many customers.

Streams are sandboxes, each with one invocation after another. Most end well; some time out or die without a word, some
raise, some are tried again under the same id, and other programs print between them.
"""

import json
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from random import Random
from typing import Any

from tests.integration.ledger.raw import Line

START = round(datetime(2026, 11, 1, tzinfo=UTC).timestamp() * 1000)
SECOND, DAY = 1000, 86_400_000
STAGES = {"consultation/tea": ("new", "warm", "keen"), "order/thanks": ("bought",), "回访/老客": ("沉默", "唤醒")}
CALLS = {
    "APIHandler": {"dynamodb.PutItem": 1, "ssm.GetParameter": 1},
    "Tag": {"dynamodb.GetItem": 3, "dynamodb.PutItem": 2, "scheduler.CreateSchedule": 1},
    "Greet": {"dynamodb.GetItem": 2, "wecom.externalcontact/send_welcome_msg": 1, "wecom.gettoken.refused": 1},
    "Move": {"dynamodb.Query": 1, "dynamodb.PutItem": 1},
    "Schedule": {"scheduler.CreateSchedule": 1, "scheduler.DeleteSchedule": 1, "scheduler.CreateSchedule.refused": 1},
    "RunStep": {"dynamodb.GetItem": 4, "dynamodb.PutItem.refused": 1, "sqs.SendMessage": 1},
    "Deliver": {"wecom.externalcontact/add_msg_template": 1, "scheduler.CreateSchedule": 1, "unanswered": 1},
    "Collect": {"wecom.externalcontact/get_groupmsg_task": 1, "dynamodb.PutItem": 2, "s3.PutObject": 1},
    "PassTime": {"dynamodb.GetItem": 1, "dynamodb.PutItem": 1},
}
TRIGGERS = {"APIHandler": "http", "Tag": "dynamodb", "Greet": "dynamodb", "Move": "dynamodb", "Schedule": "dynamodb"}
# How many invocations a customer causes in a month, and of how many records at most each is.
VOLUMES = {"APIHandler": (12, 1), "Tag": (4, 20), "Greet": (1, 3), "Move": (3, 10), "Schedule": (2, 10),
           "RunStep": (1.2, 10), "Deliver": (0.1, 1), "Collect": (0.4, 1), "PassTime": (0.4, 10)}
FOREIGN = (
    "START RequestId: 2f1e Version: $LATEST",
    '{"level":"WARNING","message":"a webhook answered late","service":"another program"}',
    '{"_aws":{"Timestamp":1,"CloudWatchMetrics":[{"Namespace":"Chaoxi"}]},"service":"chaoxi","Skipped":1}',
    "Traceback (most recent call last):",
    '{"level":"INFO","message":"it said \\"kind\\":\\"usage\\" and went on"}',
    '{"type":"platform.start","record":{"requestId":"2f1e","version":"$LATEST"}}',
    '{"note":{"kind":"usage"},"of":"somebody else"}',
    "",
)


@dataclass
class Stream:
    """One sandbox of a function."""

    function: str
    name: str
    dice: Random
    at: int
    lines: list[Line] = field(default_factory=list)

    def say(self, message: str, after: int = 0) -> None:
        """Print a line, a while after the last."""
        self.at += after
        self.lines.append(Line(self.function, self.name, self.at, message))

    def invoke(self, pace: int) -> None:
        """Be invoked once."""
        request_id, fate = str(uuid.UUID(int=self.dice.getrandbits(128), version=4)), self.dice.random()
        self.at += self.dice.randint(1, pace)
        if self.dice.random() < 0.15:
            self.say(self.dice.choice(FOREIGN))
        if fate < 0.004:
            self.say(self.report(request_id, "timeout"), 60 * SECOND)
        elif fate < 0.006:
            self.try_again(request_id)
        elif fate < 0.008:
            self.say(self.usage(request_id)[: self.dice.randint(5, 60)])
            self.say(self.report(request_id, "error"), 3)
        else:
            self.say(self.usage(request_id), self.dice.randint(1, 400))
            self.say(self.report(request_id, "error" if fate < 0.012 else "success"), self.dice.randint(0, 3))

    def try_again(self, request_id: str) -> None:
        """Die, and be invoked again under the same id a minute later."""
        self.say(self.report(request_id, "error"), 20)
        self.say(self.usage(request_id), 61 * SECOND)
        self.say(self.report(request_id, "success"), 1)

    def usage(self, request_id: str) -> str:
        """Return a usage line."""
        records = self.dice.randint(1, VOLUMES[self.function][1])
        line = {
            "kind": "usage", "v": 1, "request_id": request_id, "function": self.function,
            "trigger": TRIGGERS.get(self.function, "sqs"), "cold": self.dice.random() < 0.01, "records": records,
            "rows": self.rows(records),
            "duplicates": {"event": {"taken": records, "dropped": int(self.dice.random() < 0.02), "keys": []}},
        }
        return json.dumps(line, ensure_ascii=False, separators=(",", ":"))

    def rows(self, records: int) -> list[dict[str, Any]]:
        """Return the rows of some records: one a key, and the shared one."""
        keys = [self.key() for _ in range(self.dice.randint(1, min(records, 4)))]
        rows = [self.row(key) for key in {json.dumps(key): key for key in keys}.values()]
        return [*rows, {"key": {}, "wall_ns": self.dice.randint(0, 900_000)}] if self.dice.random() < 0.8 else rows

    def key(self) -> dict[str, str]:
        """Return on whose behalf a record is taken."""
        if self.function in ("APIHandler", "PassTime"):
            return {"account": self.dice.choice(("main", "shop"))}
        journey = self.dice.choice(list(STAGES))
        key = {"journey": journey, "stage": self.dice.choice(STAGES[journey]), "step": f"d{self.dice.randint(1, 3)}"}
        if self.function in ("RunStep", "Deliver", "Collect", "Greet"):
            content = f"{journey.partition('/')[0]}@3/{self.dice.choice(('hello', 'offer'))}"
            key |= {"account": "main", "content": content, "staff": f"staff{self.dice.randint(1, 10):02}"}
        return key

    def row(self, key: dict[str, str]) -> dict[str, Any]:
        """Return what one key used; what is nothing is left out."""
        numbers = {
            "wall_ns": self.dice.choice((0, self.dice.randint(10_000, 90_000_000))),
            "wru": self.dice.randint(0, 6) * 1000, "rru": self.dice.randint(0, 9) * 500,
            "bytes_out": self.dice.choice((0, self.dice.randint(1, 5000))),
        }
        calls = {call: times * self.dice.randint(1, 2) for call, times in CALLS[self.function].items()}
        return {"key": key, **{name: number for name, number in numbers.items() if number}, "calls": calls}

    def report(self, request_id: str, status: str) -> str:
        """Return Lambda's report, in one form or the other."""
        billed, memory = self.dice.randint(1, 900), 1024 if self.function in ("Deliver", "Collect") else 512
        if self.dice.random() < 0.2:
            ending = "" if status == "success" else f"\tStatus: {status}"
            return (f"REPORT RequestId: {request_id}\tDuration: {billed - 0.4:.2f} ms\tBilled Duration: {billed} ms\t"
                    f"Memory Size: {memory} MB\tMax Memory Used: 84 MB{ending}\t\n")
        metrics = {"durationMs": billed - 0.4, "billedDurationMs": billed, "memorySizeMB": memory}
        record = {"requestId": request_id, "metrics": metrics, "status": status}
        return json.dumps({"time": "2026-11-22T10:00:00.000Z", "type": "platform.report", "record": record})


def month(customers: int, seed: int) -> Iterator[Line]:
    """Yield the logs, stream by stream."""
    dice = Random(seed)
    for function, (each, _) in VOLUMES.items():
        left = round(customers * each)
        while left > 0:
            size = min(left, dice.randint(20, 400))
            stream = Stream(function, f"2026/11/{dice.randint(1, 28):02}/[$LATEST]{dice.getrandbits(64):016x}", dice,
                            START + dice.randrange(29 * DAY))
            for _ in range(size):
                stream.invoke(pace=dice.choice((50, 5000)))
            yield from stream.lines
            left -= size
