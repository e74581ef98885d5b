"""DynamoDB that refuses for a while: a wire before the cloud's own."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from tests.harness.cloud import Cloud
from tests.harness.remote import ATTACHED, AwsError, Call, Json

REFUSED = "ProvisionedThroughputExceededException"


@dataclass
class Throttle:
    """Refuses the calls of DynamoDB that an invocation makes, if `wants` says so of its function; counts by table.

    `only` one table if it is named.
    """

    cloud: Cloud
    wants: Callable[[str], bool]
    only: str = ""
    refused: Counter[str] = field(default_factory=Counter)

    def before(self, call: Call) -> None:
        """See a call leave."""
        self.cloud.wiring.before(call)

    def after(self, call: Call) -> None:
        """See a call return."""
        self.cloud.wiring.after(call)

    def answer(self, service: str, operation: Any, params: Mapping[str, Any]) -> Json | None:
        """Refuse, or let it go on."""
        table = str(params.get("TableName", "")).removeprefix(f"{self.cloud.stack.name}-")
        running = self.cloud.wiring.recordings
        is_meant = service == "dynamodb" and bool(running) and self.only in ("", table)
        if is_meant and self.wants(running[-1].function):
            self.refused[table] += 1
            raise AwsError(REFUSED, "The level of configured provisioned throughput for the table was exceeded.")
        return self.cloud.wiring.answer(service, operation, params)


@contextmanager
def throttled(cloud: Cloud, wants: Callable[[str], bool]) -> Iterator[Throttle]:
    """Let DynamoDB refuse while the block lasts."""
    wire = Throttle(cloud, wants)
    ATTACHED.append(wire)
    try:
        yield wire
    finally:
        ATTACHED.remove(wire)


def always(_function: str) -> bool:
    """Refuse every call."""
    return True


def counted(decide: Callable[[int], bool]) -> Callable[[str], bool]:
    """Decide by the number of the call, from 1."""
    calls = 0

    def wants(_function: str) -> bool:
        nonlocal calls
        calls += 1
        return decide(calls)

    return wants


def behind_the_api(cloud: Cloud, span: timedelta) -> Callable[[str], bool]:
    """Refuse what any function but the API's asks, for a span of time from now on."""
    end = cloud.now + span
    return lambda function: function != "api_handler" and cloud.now < end
