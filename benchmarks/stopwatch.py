"""The processor time of a function without that of the cloud it calls, which runs in the same process here."""

import json
import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, redirect_stdout
from io import StringIO
from time import process_time
from typing import Any

from tests.harness.cloud import Cloud
from tests.harness.remote import ATTACHED, Call, Wire


class Stopwatch:
    """Watches a cloud: `cpu` and `records` by function, and every usage line since `begin`."""

    def __init__(self, cloud: Cloud) -> None:
        self.cpu: defaultdict[str, float] = defaultdict(float)
        self.records: Counter[str] = Counter()
        self.outside = 0.0
        self.inner: Wire = cloud.wiring
        self.lines = StringIO()

    def before(self, call: Call) -> None:
        """See a call leave."""
        self.inner.before(call)

    def after(self, call: Call) -> None:
        """See a call return."""
        self.inner.after(call)

    def answer(self, service: str, operation: Any, params: Mapping[str, Any]) -> Any:
        """Let the cloud answer, on its own time."""
        with self.pause():
            return self.inner.answer(service, operation, params)

    @contextmanager
    def pause(self) -> Iterator[None]:
        """Do not count this while."""
        began = process_time()
        try:
            yield
        finally:
            self.outside += process_time() - began

    def timed(self, name: str, function: Callable[[Any, Any], Any]) -> Callable[[Any, Any], Any]:
        """Return a function that is timed."""

        def call(event: Any, context: Any) -> Any:
            began, outside = process_time(), self.outside
            try:
                return function(event, context)
            finally:
                self.cpu[name] += process_time() - began - (self.outside - outside)
                self.records[name] += len(event.get("Records", [0]))

        return call

    def begin(self) -> None:
        """Forget what was measured so far."""
        self.cpu.clear()
        self.records.clear()
        self.lines.seek(0)
        self.lines.truncate()

    @property
    def usages(self) -> list[dict[str, Any]]:
        """The usage lines since the last beginning."""
        printed = (line for line in self.lines.getvalue().splitlines() if line.startswith('{"kind":"usage"'))
        return [json.loads(line) for line in printed]


@contextmanager
def watching(cloud: Cloud) -> Iterator[Stopwatch]:
    """Watch a cloud that is up. What its functions print is kept, and shown to nobody."""
    watch = Stopwatch(cloud)
    functions = cloud.functions.functions
    web = cloud.web
    cloud.functions.functions = {
        name: function if name == "api_handler" else watch.timed(name, function) for name, function in functions.items()
    }
    if web:

        def reached(request: Any) -> Any:
            with watch.pause():
                return web(request)

        cloud.web = reached
    ATTACHED.append(watch)
    try:
        with redirect_stdout(watch.lines):
            yield watch
    finally:
        ATTACHED.remove(watch)
        cloud.functions.functions, cloud.web = functions, web


def say(text: str) -> None:
    """Tell who waits how far it is."""
    sys.stderr.write(f"\r{text:<70}")
    sys.stderr.flush()
