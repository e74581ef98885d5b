"""CloudWatch Logs, read by whoever settles what no subscription has brought."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from chalicelib.gateways import aws


def groups_of(prefix: str) -> list[str]:
    """Return the names of the log groups that begin so."""
    pages = aws.client("logs").get_paginator("describe_log_groups").paginate(logGroupNamePrefix=prefix)
    return [group["logGroupName"] for page in pages for group in page["logGroups"]]


def events_of(group: str, since: datetime, until: datetime) -> Iterator[tuple[str, int, str]]:
    """Yield (stream, millisecond since 1970, line) of a log group from `since` until before `until`."""
    asked: dict[str, Any] = {
        "logGroupName": group,
        "startTime": round(since.timestamp() * 1000),
        "endTime": round(until.timestamp() * 1000) - 1,
    }
    for page in aws.client("logs").get_paginator("filter_log_events").paginate(**asked):
        yield from ((event["logStreamName"], event["timestamp"], event["message"]) for event in page["events"])
