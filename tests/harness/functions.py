"""The functions of a stack, and Lambda calling them."""

from collections.abc import Mapping
from contextlib import nullcontext
from importlib import import_module

from tests.harness.clock import Clock
from tests.harness.faults import Crash, Recording
from tests.harness.invocation import Context, Function, Invocation, cold_start, context_of, process
from tests.harness.logs import LogSubscription
from tests.harness.parallel import side_by_side
from tests.harness.remote import Json
from tests.harness.stack import REGION, Stack
from tests.harness.template import logical_id
from tests.harness.wiring import Wiring


def functions_of_app() -> tuple[dict[str, Function], dict[str, int]]:
    """Return what app.py declares: each function as Lambda calls it, and the batch size of each trigger.

    What only logs wake has no trigger that the template would tell of, and is called with one event at a time.
    """
    app = import_module("app").app
    triggers = {source.name: source for source in app.event_sources}
    direct = {each.name: 1 for each in app.pure_lambda_functions}
    sizes = {name: source.batch_size for name, source in triggers.items()} | direct
    return {"api_handler": app, **{name: app.handler_map[name] for name in sizes}}, sizes


class Functions:
    """Calls functions, each in its own environment, and keeps account of it."""

    def __init__(
        self, functions: Mapping[str, Function], stack: Stack, clock: Clock, wiring: Wiring, cold: bool
    ) -> None:
        self.functions = functions
        self.stack = stack
        self.clock = clock
        self.wiring = wiring
        self.cold = cold
        self.invocations: list[Invocation] = []
        self.logs: LogSubscription | None = None

    def invoke(self, name: str, event: Json) -> Invocation:
        """Call a function once. What it raises is a function error; after a crash its process starts cold."""
        if self.cold:
            cold_start()
        invocation = Invocation(name, self.clock.now, event)
        self.invocations.append(invocation)
        recording = Recording(name, self.wiring.interruptions, invocation.calls)
        self.wiring.recordings.append(recording)
        try:
            with process(self.environment(name)), side_by_side(self.clock):
                self.run(invocation, name)
        finally:
            self.wiring.recordings.pop()
        return invocation

    def run(self, invocation: Invocation, name: str) -> None:
        """Run the function and note how it ended."""
        context = context_of(f"{self.stack.name}-{logical_id(name)}", len(self.invocations))
        with self.logs.taking(invocation, context) if self.logs else nullcontext():
            self.call(invocation, context)

    def call(self, invocation: Invocation, context: Context) -> None:
        """Call the function."""
        try:
            invocation.answer = self.functions[invocation.function](invocation.event, context)
        except Exception as error:  # noqa: BLE001 - whatever a function raises is a function error
            invocation.outcome, invocation.error = "failed", error
        except Crash as error:
            invocation.outcome, invocation.error = "crashed", error
            cold_start()
        else:
            invocation.outcome = "partial" if invocation.failures else "ok"

    def environment(self, name: str) -> dict[str, str]:
        """Return the variables that Lambda sets for a function."""
        return {
            "AWS_REGION": REGION,
            "AWS_DEFAULT_REGION": REGION,
            "AWS_LAMBDA_FUNCTION_NAME": logical_id(name),
            **self.stack.environments.get(name, {}),
        }
