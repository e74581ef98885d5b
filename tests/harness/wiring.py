"""Where remote calls go, and who gets to know of them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.harness import database
from tests.harness.faults import Interruption, Recording
from tests.harness.parameters import Parameters
from tests.harness.queues import Queues
from tests.harness.remote import Call, Json
from tests.harness.schedules import Schedules


@dataclass
class Wiring:
    """Answers for SQS, Scheduler, SSM and DynamoDB, leaves the rest to moto, and records what an invocation calls."""

    stack: str
    queues: Queues
    schedules: Schedules
    parameters: Parameters = field(default_factory=Parameters)
    interruptions: list[Interruption] = field(default_factory=list)
    recordings: list[Recording] = field(default_factory=list)

    def before(self, call: Call) -> None:
        """Number a call of the invocation that runs now; the harness's own calls are nobody's."""
        if self.recordings:
            short = Call(call.service, call.operation, call.subject.removeprefix(f"{self.stack}-"))
            self.recordings[-1].before(short)

    def after(self, _call: Call) -> None:
        """Note that it was answered."""
        if self.recordings:
            self.recordings[-1].after()

    def answer(self, service: str, operation: Any, params: Mapping[str, Any]) -> Json | None:
        """Return an operation's output; None for what moto does well."""
        if service == "dynamodb":
            return database.answer(operation, params)
        own: dict[str, Queues | Schedules | Parameters] = {
            "sqs": self.queues,
            "scheduler": self.schedules,
            "ssm": self.parameters,
        }
        return own[service].answer(operation.name, params) if service in own else None
