"""Settling: the ledger is brought up to what the logs say, and never beyond."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

import boto3
import pytest
from moto import mock_aws

from chalicelib.gateways import aws
from chalicelib.handlers import usage_logs
from chalicelib.models.ledger import LedgerRow, unsettled
from chalicelib.services.settle_usage import Settled, settle_usage
from tests.integration.ledger.fast_ledger import FastLedger, fast_ledger
from tests.integration.ledger.first import days_of, first, second
from tests.integration.ledger.month import month
from tests.integration.ledger.raw import Line, deliveries, event_of
from tests.integration.ledger.second import Second
from tests.integration.ledger.test_orders import AT, ONE, report

NOW = datetime(2026, 12, 2, tzinfo=UTC)
LINES = [line for line in month(8, seed=4) if line.function == "RunStep"]


class Logs:
    """Stands where CloudWatch Logs stands: log groups, their lines, a page at a time."""

    def __init__(self, lines: list[Line]) -> None:
        self.lines = lines

    def get_paginator(self, operation: str) -> Any:
        return {"describe_log_groups": self.Groups(self.lines), "filter_log_events": self.Events(self.lines)}[operation]

    class Groups(list[Line]):
        def paginate(self, logGroupNamePrefix: str) -> Iterator[Any]:
            names = {line.group for line in self} | {"/aws/lambda/chaoxi-test-RunStepper-X"}
            found = [name for name in sorted(names) if name.startswith(logGroupNamePrefix)]
            yield {"logGroups": [{"logGroupName": name} for name in found]}

    class Events(list[Line]):
        def paginate(self, logGroupName: str, startTime: int, endTime: int) -> Iterator[Any]:
            found = [line for line in self if line.group == logGroupName and startTime <= line.at <= endTime]
            for start in range(0, len(found), 7):
                yield {"events": [{"logStreamName": line.stream, "timestamp": line.at, "message": line.message}
                                  for line in found[start : start + 7]]}


@pytest.fixture
def logs(monkeypatch: pytest.MonkeyPatch) -> Logs:
    found = Logs(LINES)
    monkeypatch.setattr(aws, "client", lambda _service: found)
    return found


def settled(function: str = "RunStep", days: int = 40) -> Settled:
    parts = list(settle_usage(function, NOW - timedelta(days=days), NOW, NOW))
    return Settled(sum(each.invocations for each in parts), sum(each.booked for each in parts),
                   tuple(line for each in parts for line in each.unreadable))


def said(wire: FastLedger) -> object:
    return {place: item for place, item in wire.items.items() if not place[0].startswith("invocation/")}


def test_a_log_that_nobody_has_read_is_booked_whole_and_the_second_time_changes_nothing(
    logs: Logs, region: str
) -> None:
    by_hand = Second(region).count(LINES)
    with fast_ledger() as wire:
        once = settled()
        assert first(days_of(by_hand)) == second(by_hand)
        before = said(wire)
        twice = settled()
        assert said(wire) == before
    assert once.booked >= once.invocations - 1 > 0
    assert (twice.booked, twice.invocations) == (0, once.invocations)


def test_what_a_subscription_has_lost_is_brought_in_and_the_rest_left_as_it_is(logs: Logs, region: str) -> None:
    by_hand, dice = Second(region).count(LINES), Random(9)
    with fast_ledger():
        for batch in deliveries(LINES, dice, most=9):
            if dice.random() < 0.7:
                usage_logs.handle(event_of(batch))
        assert first(days_of(by_hand)) != second(by_hand)
        assert 0 < settled().booked < settled().invocations
        assert first(days_of(by_hand)) == second(by_hand)


def test_only_the_function_that_is_asked_for_is_read_and_only_its_time(logs: Logs, region: str) -> None:
    with fast_ledger() as wire:
        assert settled("RunStepper") == settled("Book") == settled(days=0) == Settled(0, 0, ())
        assert wire.items == {}


def test_what_is_unsettled_is_listed_until_its_other_half_comes(region: str) -> None:
    with mock_aws():
        LedgerRow.create_table(billing_mode="PAY_PER_REQUEST")
        boto3.client("dynamodb").create_table(
            TableName="chaoxi-test-catalog", BillingMode="PAY_PER_REQUEST",
            KeySchema=[{"AttributeName": "kind", "KeyType": "HASH"}, {"AttributeName": "id", "KeyType": "RANGE"}],
            AttributeDefinitions=[{"AttributeName": name, "AttributeType": "S"} for name in ("kind", "id")],
        )
        usage_logs.handle(event_of([ONE[0], report("r9", AT, status="timeout")]))
        assert {request_id: found.state for request_id, found in unsettled()} == {
            "r1": "waiting", "r9": "unattributed"}
        usage_logs.handle(event_of([ONE[1]]))
        assert [request_id for request_id, _ in unsettled()] == ["r9"]
