"""The cloud of one test."""

import json
import os
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Self

from moto import mock_aws

from tests.harness import database, web
from tests.harness.clock import START, Clock
from tests.harness.delivery import Delivery
from tests.harness.faults import Interruption, When, crash
from tests.harness.functions import Functions, functions_of_app
from tests.harness.http import Query, Reply, event_of, reply_of, route_of
from tests.harness.invocation import Function, Invocation, cold_start
from tests.harness.logs import LogSubscription
from tests.harness.queue_consumer import QueueConsumer
from tests.harness.queues import Queues
from tests.harness.remote import ATTACHED, Call, Json
from tests.harness.run import Runner, Source
from tests.harness.schedules import Schedules
from tests.harness.stack import Stack, Trigger
from tests.harness.stream import Stream
from tests.harness.stream_consumer import StreamConsumer
from tests.harness.template import read_stack, the_template
from tests.harness.wiring import Wiring


class Cloud:
    """Tables, queues, schedules and functions of one stack, in this process, under a clock of their own.

    Use it with `with`. Only one is up at a time. `functions` are app.py's unless a test brings its own, by the names
    that app.py would give them; `template` is infra/template.yaml's content unless a test brings its own. `log_reader`
    is the function that the logs of all others wake; without one nobody reads them.
    """

    def __init__(
        self,
        functions: Mapping[str, Function] | None = None,
        template: Mapping[str, Any] | None = None,
        delivery: Delivery | None = None,
        start: datetime = START,
        parameters: Mapping[str, Any] | None = None,
        log_reader: str | None = None,
    ) -> None:
        self.delivery = replace(delivery or Delivery())
        self.clock = Clock(start)
        self.web: web.Responder | None = None
        declared, sizes = functions_of_app() if functions is None else (dict(functions), dict.fromkeys(functions, 10))
        values = {"Stage": os.environ["STAGE"], **(parameters or {})}
        self.stack: Stack = read_stack(template or the_template(), os.environ["STACK"], sizes, values)
        self.queues = Queues(self.stack.queues, lambda: self.now, self.delivery)
        self.schedules = Schedules(self.stack.schedule_groups, lambda: self.now, self.delivery, self.queues.put)
        self.wiring = Wiring(self.stack.name, self.queues, self.schedules)
        self.functions = Functions(declared, self.stack, self.clock, self.wiring, self.delivery.cold)
        self.streams = {table.stream_arn: Stream(table) for table in self.stack.tables if table.view}
        sources: list[Source] = [self.consumer_of(trigger) for trigger in self.stack.triggers]
        if log_reader:
            invoke = self.functions.invoke
            self.logs = LogSubscription(log_reader, lambda: self.now, self.delivery, invoke, self.set_aside)
            self.functions.logs = self.logs
            sources.append(self.logs)
        self.runner = Runner([self.schedules, *sources], self.clock, self.delivery, self.read_streams, self.invocations)
        self.ending = ExitStack()

    def consumer_of(self, trigger: Trigger) -> Source:
        """Return what delivers to a function."""
        if trigger.source in self.streams:
            stream = self.streams[trigger.source]
            give_up: Callable[[str, str], None] = lambda arn, body: self.queues.put(arn, body, {})  # noqa: E731
            return StreamConsumer(trigger, stream, lambda: self.now, self.delivery, self.functions.invoke, give_up)
        queue = self.queues.by_arn[trigger.source]
        return QueueConsumer(trigger, queue, lambda: self.now, self.delivery, self.functions.invoke)

    def __enter__(self) -> Self:
        """Bring the cloud up: cold functions, empty tables."""
        if any(isinstance(wire, Wiring) for wire in ATTACHED):
            raise RuntimeError("another cloud is up: one test has one cloud at a time")
        self.ending.enter_context(mock_aws())
        self.clock.start()
        self.ending.callback(self.clock.stop)
        self.ending.enter_context(web.intercepted(lambda: self.web))
        ATTACHED.append(self.wiring)
        self.ending.callback(ATTACHED.remove, self.wiring)
        cold_start()
        self.ending.callback(cold_start)
        database.create_tables(self.stack.tables)
        return self

    def __exit__(self, *_: object) -> None:
        """Take it down."""
        self.ending.close()

    def read_streams(self) -> None:
        """Take in what was written."""
        for stream in self.streams.values():
            stream.read()

    @property
    def now(self) -> datetime:
        """The current instant, aware UTC."""
        return self.clock.now

    def advance(self, by: timedelta) -> None:
        """Let time pass; what falls due meanwhile is late, and delivered when the cloud runs again."""
        self.clock.advance(by)

    def run_until_quiet(self) -> None:
        """Deliver everything that is due at the current instant. Raises StillBusyError if that never ends."""
        self.runner.until_quiet()

    def run_until(self, moment: datetime) -> None:
        """Deliver everything up to an instant, each at its time. Ends at that instant."""
        self.runner.until(moment)

    def run_for(self, span: timedelta) -> None:
        """Deliver everything of a span of time."""
        self.run_until(self.now + span)

    def invoke(self, function: str, event: Json) -> Invocation:
        """Call a function once, outside of any trigger."""
        return self.functions.invoke(function, event)

    def calls_of(self, function: str, event: Json) -> list[Call]:
        """Call a function once and return the remote calls that it made, in order."""
        return self.invoke(function, event).calls

    def at_call(
        self, function: str, when: When, call: int, action: Callable[[], object], skip: int = 0, of: str = ""
    ) -> Interruption:
        """Do something once, before or after the `call`-th remote call (from 1) that an invocation makes.

        It waits for an invocation that gets so far, and lets `skip` such invocations pass. `of` counts only the calls
        whose text holds it.
        """
        interruption = Interruption(function, when, call, action, skip, of=of)
        self.wiring.interruptions.append(interruption)
        return interruption

    def crash(self, function: str, when: When, call: int, skip: int = 0) -> Interruption:
        """Let an invocation die there; the cloud's rules then deliver again. Ask `happened` whether it did."""
        return self.at_call(function, when, call, crash, skip)

    @property
    def invocations(self) -> list[Invocation]:
        """Every call of a function so far."""
        return self.functions.invocations

    def tables(self) -> dict[str, list[Json]]:
        """Return every row of every table, in one canonical form."""
        return database.dump(self.stack.tables, self.stack.name)

    def messages(self, queue: str) -> list[Any]:
        """Return the bodies on a queue, named without the stack's name: JSON where it is JSON, oldest first."""
        name = f"{self.stack.name}-{queue}"
        found = next(each for each in self.queues.by_arn.values() if each.settings.name == name)
        return [parsed(message.body) for message in found.messages.values()]

    def set_aside(self, function: str, body: str) -> None:
        """Put a message into a function's failure queue."""
        url = self.stack.environments[function]["FAILURES_QUEUE_URL"]
        self.queues.put(self.queues.by_url[url].settings.arn, body, {})

    def failures(self, function: str) -> list[Any]:
        """Return what lies on a function's failure queue."""
        url = self.stack.environments[function]["FAILURES_QUEUE_URL"]
        return [parsed(message.body) for message in self.queues.by_url[url].messages.values()]

    def request(self, method: str, path: str, body: bytes, headers: Mapping[str, str], query: Query) -> Reply:
        """Make an HTTP request; a function that fails is a 502, a path that nobody takes a 403."""
        app: Any = self.functions.functions["api_handler"]
        template = route_of(app.routes, method, path)
        if template is None:
            return Reply(403, b'{"message": "Missing Authentication Token"}')
        event = event_of(template, method, path, body, headers, query, self.stack.binary_types)
        return reply_of(self.invoke("api_handler", event).answer)

    def get(self, path: str, headers: Mapping[str, str] | None = None, query: Query | None = None) -> Reply:
        """GET."""
        return self.request("GET", path, b"", headers or {}, query or {})

    def post(
        self, path: str, body: bytes | str | Json, headers: Mapping[str, str] | None = None, query: Query | None = None
    ) -> Reply:
        """POST bytes, text, or a value as JSON."""
        raw = body if isinstance(body, bytes) else (body if isinstance(body, str) else json.dumps(body)).encode()
        given = headers or ({"Content-Type": "application/json"} if isinstance(body, dict) else {})
        return self.request("POST", path, raw, given, query or {})


def parsed(body: str) -> Any:
    """Return a body's JSON, or the text that it is."""
    try:
        return json.loads(body)
    except ValueError:
        return body
