"""The emulator's manners, without an emulator."""

import socket
from datetime import UTC, datetime
from typing import Any

import pytest

from infra.failure import Failure
from infra.local.emulator import free_port
from infra.local.invocations import Report, reports

NOON = datetime.fromtimestamp(1_795_312_800, UTC)


class FakeLogs:
    """CloudWatch Logs with one function's lines, as the emulator and as Lambda write them."""

    LINES = (
        "START RequestId: 1 Version: $LATEST",
        "REPORT RequestId: 1\tDuration: 51 ms\tBilled Duration: 51 ms\tMemory Size: 512 MB\tMax Memory Used: 60 MB",
        (
            "REPORT RequestId: 2\tDuration: 9.81 ms\tBilled Duration: 410 ms\tMemory Size: 1024 MB\t"
            "Max Memory Used: 90 MB\tInit Duration: 400.11 ms\t"
        ),
        "a line that says REPORT",
    )

    def __init__(self) -> None:
        self.operation = ""

    def get_paginator(self, operation: str) -> "FakeLogs":
        other = FakeLogs()
        other.operation = operation
        return other

    def paginate(self, **_: str) -> list[dict[str, Any]]:
        if self.operation == "describe_log_groups":
            return [{"logGroups": [{"logGroupName": "/aws/lambda/chaoxi-local-RunStep-0A1B"}]}]
        return [{"events": [{"timestamp": 1_795_312_800_000, "message": line} for line in self.LINES]}]


def test_what_an_invocation_cost_is_read_from_its_last_line() -> None:
    assert reports(FakeLogs(), "chaoxi-local") == [
        Report("RunStep", billed_ms=51, memory_mb=512, init_ms=None, at=NOON),
        Report("RunStep", billed_ms=410, memory_mb=1024, init_ms=400, at=NOON),
    ]


def test_a_port_in_use_is_one_clear_line() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        with pytest.raises(Failure, match=r"^port \d+ is in use"):
            free_port(taken.getsockname()[1])


def test_any_free_port_is_found() -> None:
    assert free_port(0) > 0
