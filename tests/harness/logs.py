"""CloudWatch Logs: what functions print, Lambda's reports beside it, and a subscription that hands both to a function.

A call that fails comes again with the same event after one and after two minutes, and is then set aside. The reader's
own log is read by nobody.
"""

import base64
import gzip
import io
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager, redirect_stdout
from dataclasses import dataclass
from datetime import datetime, timedelta

from tests.harness.delivery import Delivery
from tests.harness.invocation import Context, Invocation
from tests.harness.remote import Json
from tests.harness.stack import ACCOUNT

WAITS = (timedelta(minutes=1), timedelta(minutes=2))
MS_A_CALL = 7  # a report has to say something, and the same in every run


@dataclass(frozen=True)
class Report:
    """What Lambda says that an invocation is charged for."""

    function: str
    request_id: str
    billed_ms: int
    memory_mb: int
    status: str


@dataclass
class Waiting:
    """A batch of lines that is to be handed on, and how often it has been."""

    at: datetime
    event: Json
    tries: int = 0


class LogSubscription:
    """Takes what functions print, and hands it to the reader in batches."""

    def __init__(
        self,
        reader: str,
        now: Callable[[], datetime],
        delivery: Delivery,
        invoke: Callable[[str, Json], Invocation],
        give_up: Callable[[str, str], None],
    ) -> None:
        self.reader, self.now, self.delivery, self.invoke, self.give_up = reader, now, delivery, invoke, give_up
        self.waiting: list[Waiting] = []
        self.reports: list[Report] = []
        self.lines: list[tuple[str, int, str]] = []

    @contextmanager
    def taking(self, invocation: Invocation, context: Context) -> Iterator[None]:
        """Take what one invocation prints, and report it."""
        printed = io.StringIO()
        with redirect_stdout(printed):
            yield
        if invocation.function != self.reader:
            report = report_of(invocation, context)
            self.reports.append(report)
            self.take(context, [*printed.getvalue().splitlines(), platform_report(report)])

    def take(self, context: Context, lines: list[str]) -> None:
        """Take lines of one invocation, in one batch or cut anywhere."""
        at = round(self.now().timestamp() * 1000)
        events = [{"id": f"{len(self.lines) + n}", "timestamp": at, "message": line} for n, line in enumerate(lines)]
        self.lines += [(context.function_name, at, line) for line in lines]
        while events:
            size = self.delivery.cut(len(events))
            batch, events = events[:size], events[size:]
            for _ in range(2 if self.delivery.duplicates else 1):
                self.waiting.append(Waiting(self.now(), delivered(context, batch)))

    def next_moment(self) -> datetime | None:
        """Return when there is something to hand on."""
        return min((each.at for each in self.waiting), default=None)

    def step(self) -> None:
        """Hand one batch on."""
        batch = self.delivery.pick([each for each in self.waiting if each.at <= self.now()])
        self.waiting.remove(batch)
        if self.invoke(self.reader, batch.event).outcome not in ("failed", "crashed"):
            return
        if batch.tries < len(WAITS):
            self.waiting.append(Waiting(self.now() + WAITS[batch.tries], batch.event, batch.tries + 1))
        else:
            self.give_up(self.reader, json.dumps({"requestPayload": batch.event}))


def report_of(invocation: Invocation, context: Context) -> Report:
    """Return an invocation's report."""
    status = "error" if invocation.outcome in ("failed", "crashed") else "success"
    billed = 1 + MS_A_CALL * len(invocation.calls)
    return Report(context.function_name, context.aws_request_id, billed, context.memory_limit_in_mb, status)


def platform_report(report: Report) -> str:
    """Return a report as Lambda writes it to a log in JSON."""
    metrics = {
        "durationMs": report.billed_ms - 0.31,
        "billedDurationMs": report.billed_ms,
        "memorySizeMB": report.memory_mb,
        "maxMemoryUsedMB": 84,
    }
    record = {"requestId": report.request_id, "metrics": metrics, "status": report.status}
    return json.dumps({"time": "2026-11-22T10:00:00.000Z", "type": "platform.report", "record": record})


def delivered(context: Context, events: list[Json]) -> Json:
    """Return the event of a batch."""
    content = {
        "messageType": "DATA_MESSAGE",
        "owner": ACCOUNT,
        "logGroup": context.log_group_name,
        "logStream": context.log_stream_name,
        "subscriptionFilters": ["usage"],
        "logEvents": events,
    }
    return {"awslogs": {"data": base64.b64encode(gzip.compress(json.dumps(content).encode(), mtime=0)).decode()}}
