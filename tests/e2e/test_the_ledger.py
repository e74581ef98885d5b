"""The emulator's own logs, through real subscriptions and the real zip: the ledger is the sum of the reports."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from chalicelib.domain.pricing.entries import Address, line_at
from chalicelib.domain.pricing.line import Line, merged
from infra.dependencies import this_machine
from infra.local.emulator import REGION
from tests.e2e.cloud import Cloud, eventually
from tests.integration.ledger.raw import Line as LogLine
from tests.integration.ledger.second import Second

pytestmark = pytest.mark.e2e
BOOK_ITSELF = "Book"


def log_lines(cloud: Cloud) -> Iterator[LogLine]:
    """Yield every line of every function but Book, each stream's in its order."""
    logs, prefix = cloud.scene.emulator.client("logs"), f"/aws/lambda/{cloud.scene.outputs.stack}-"
    pages = logs.get_paginator("describe_log_groups").paginate(logGroupNamePrefix=prefix)
    for group in [group["logGroupName"] for page in pages for group in page["logGroups"]]:
        function = group.removeprefix(prefix).partition("-")[0]
        if function != BOOK_ITSELF:
            for page in logs.get_paginator("filter_log_events").paginate(logGroupName=group):
                for event in page["events"]:
                    yield LogLine(function, event["logStreamName"], event["timestamp"], event["message"])


def ledger_lines(cloud: Cloud) -> list[Line]:
    """Return the lines of the ledger's table."""
    table = f"{cloud.scene.outputs.stack}-ledger"
    pages = cloud.scene.emulator.client("dynamodb").get_paginator("scan").paginate(TableName=table)
    found = []
    for item in (item for page in pages for item in page["Items"]):
        address = Address(item["period"]["S"], item["line"]["S"])
        if address.period.startswith("day/"):
            numbers = {name: int(value["N"]) for name, value in item.items() if "N" in value}
            found.append(line_at(address, numbers))
    return list(merged(line for line in found if line.function != BOOK_ITSELF))


def both(cloud: Cloud) -> tuple[Any, Any]:
    """Return what the reports say and what the ledger says, by everything there is."""
    by_hand = Second(REGION, this_machine().architecture).count(log_lines(cloud))
    paid = {(line.day, line.function, line.key, name): amount for line in ledger_lines(cloud)
            for name, amount in line.amounts.items() if amount}
    return {place: amount for place, amount in by_hand.paid.items() if amount}, paid


def agree(cloud: Cloud) -> bool:
    """Whether both say the same."""
    reported, booked = both(cloud)
    return bool(reported) and reported == booked


def test_the_ledger_is_the_sum_of_the_emulators_reports_under_the_keys_that_used_them(cloud: Cloud) -> None:
    cloud.follow("wmLEDGER", "staff03", "小账")
    assert cloud.tracker.send("track", "wmLEDGER", "Price Asked", {"product": "consultation"}) == 200
    assert eventually(lambda: cloud.inbox("wmLEDGER", "group_send"), 60)
    cloud.leave("wmLEDGER", "staff03")
    assert eventually(lambda: agree(cloud), 60), "\n".join(map(str, both(cloud)))
    journeys = {line.value("journey") for line in ledger_lines(cloud)}
    assert {"(shared)", "consultation/consultation"} & journeys
    assert any(line.value("staff") == "staff03" for line in ledger_lines(cloud))


def test_books_own_cost_is_settled_on_demand_and_only_once(cloud: Cloud) -> None:
    until = datetime.now(UTC)
    span = ("--from", (until - timedelta(hours=1)).isoformat(), "--to", until.isoformat(), "--json")
    once, twice = (json.loads(cloud.scene.operator.said("settle", *span))["Book"] for _ in range(2))
    assert once["booked"] == once["invocations"] > 0
    assert (twice["booked"], twice["invocations"]) == (0, once["invocations"])
