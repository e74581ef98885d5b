"""What invocations cost, read from the lines that Lambda ends each of them with."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

REPORT = re.compile(
    r"^REPORT .*Billed Duration: (?P<billed>[\d.]+) ms\s+Memory Size: (?P<memory>\d+) MB"
    r"(?:.*Init Duration: (?P<init>[\d.]+) ms)?"
)


@dataclass(frozen=True)
class Report:
    """What one invocation cost: the function's logical id, milliseconds billed, memory in MB, milliseconds of INIT.

    `at` is when it ended.
    """

    function: str
    billed_ms: int
    memory_mb: int
    init_ms: int | None
    at: datetime | None = None


def reports(logs: Any, stack: str) -> list[Report]:
    """Return the reports of all functions of a stack."""
    prefix = f"/aws/lambda/{stack}-"
    pages = logs.get_paginator("describe_log_groups").paginate(logGroupNamePrefix=prefix)
    groups = [group["logGroupName"] for page in pages for group in page["logGroups"]]
    return [report for group in groups for report in reports_of(logs, group, prefix)]


def reports_of(logs: Any, group: str, prefix: str) -> Iterator[Report]:
    """Yield one function's reports; CloudFormation named it <stack>-<logical id>-<suffix>."""
    function = group.removeprefix(prefix).rsplit("-", 1)[0]
    for page in logs.get_paginator("filter_log_events").paginate(logGroupName=group, filterPattern="REPORT"):
        for event in page["events"]:
            if found := REPORT.search(event["message"]):
                init = int(float(found["init"])) if found["init"] else None
                at = datetime.fromtimestamp(event["timestamp"] / 1000, UTC)
                yield Report(function, int(float(found["billed"])), int(found["memory"]), init, at)


def by_function(found: Iterable[Report]) -> Counter[str]:
    """Return how many invocations each function had."""
    return Counter(report.function for report in found)
