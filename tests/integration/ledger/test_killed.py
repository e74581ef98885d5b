"""Whatever happens to Book at whichever of its calls: nothing is lost, and nothing is booked twice.

It dies before a call or after it, is throttled, or the answer to a call that was made is lost. Each time Lambda calls
it again with the same batch. A call that is added has its rows without anybody writing them.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cache
from random import Random
from typing import Any, Literal

import pytest
from botocore.exceptions import ClientError, ReadTimeoutError

from chalicelib.handlers import usage_logs
from chalicelib.services import read_price_books, watch_budgets
from tests.harness.cloud import Cloud
from tests.harness.faults import Crash, When
from tests.harness.logs import Waiting
from tests.harness.remote import ATTACHED, Call
from tests.integration.ledger.fast_ledger import FastLedger
from tests.integration.ledger.first import days_of, first, second
from tests.integration.ledger.month import month
from tests.integration.ledger.raw import Line, deliveries, event_of
from tests.integration.ledger.second import Second

Fault = Literal["killed before", "killed after", "throttled", "answer lost"]
FAULTS: tuple[Fault, ...] = ("killed before", "killed after", "throttled", "answer lost")
REFUSED = ClientError({"Error": {"Code": "ThrottlingException", "Message": "slow down"}}, "any")
SILENCE = ReadTimeoutError(endpoint_url="x")


@dataclass
class Unlucky(FastLedger):
    """A ledger whose `unlucky`-th call goes wrong."""

    fault: Fault | None = None
    unlucky: int = 0
    made: int = 0
    happened: bool = False
    items: dict[Any, Any] = field(default_factory=dict)
    calls: int = 0

    def before(self, call: Call) -> None:
        self.made += 1
        if self.made == self.unlucky:
            self.go_wrong({"killed before": Crash(), "throttled": REFUSED})

    def after(self, call: Call) -> None:
        if self.made == self.unlucky:
            self.go_wrong({"killed after": Crash(), "answer lost": SILENCE})

    def go_wrong(self, ways: Mapping[Fault, BaseException]) -> None:
        if self.fault and self.fault in ways:
            self.happened = True
            raise ways[self.fault]


def fed(wire: Unlucky, batches: list[list[Line]]) -> int:
    """Feed batches as Lambda does: one that fails comes again, at most twice. Return how often one did."""
    again = 0
    forget()
    ATTACHED.append(wire)
    try:
        for batch in batches:
            for _ in range(3):
                try:
                    usage_logs.handle(event_of(batch))
                    break
                except (Crash, Exception):  # noqa: BLE001 - any end but a good one
                    again += 1
                    forget()
            else:
                raise AssertionError("a batch failed three times")
    finally:
        ATTACHED.remove(wire)
    return again


def forget() -> None:
    """Be a process that has just begun."""
    read_price_books.forget()
    watch_budgets.known.cache_clear()


def outcome(wire: FastLedger, by_hand: Second) -> Any:
    ATTACHED.append(wire)
    try:
        return first(days_of(by_hand))
    finally:
        ATTACHED.remove(wire)


@cache
def traffic() -> tuple[tuple[Line, ...], tuple[tuple[Line, ...], ...]]:
    """Return the logs of three functions in a small month, and their batches."""
    lines = tuple(line for line in month(3, seed=5) if line.function in ("Collect", "RunStep", "Greet"))
    return lines, tuple(map(tuple, deliveries(lines, Random(5), most=6)))


@pytest.mark.parametrize("fault", FAULTS)
def test_whatever_goes_wrong_at_any_call_the_ledger_is_the_same_to_the_last_unit(fault: Fault, region: str) -> None:
    lines, cut = traffic()
    batches = [list(batch) for batch in cut]
    by_hand = Second(region).count(lines)
    clean = Unlucky()
    assert fed(clean, batches) == 0
    calls = clean.made
    assert outcome(clean, by_hand) == second(by_hand)
    for call in range(1, calls + 1):
        wire = Unlucky(fault, call)
        assert fed(wire, batches) <= 1
        assert outcome(wire, by_hand) == second(by_hand), call
        assert wire.happened


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("call", [1, 2, 3, 4])
def test_lambda_calls_a_book_that_died_again_and_its_own_tables_agree(when: When, call: int, region: str) -> None:
    lines = [line for line in month(1, seed=8) if line.function in ("Collect", "Deliver", "RunStep", "Greet")]
    by_hand = Second("ap-southeast-1").count(lines)
    with Cloud(log_reader="book") as cloud:
        cloud.logs.waiting = [Waiting(cloud.now, event_of(batch)) for batch in deliveries(lines, Random(1), most=9)]
        death = cloud.crash("book", when, call)
        cloud.run_for(timedelta(minutes=4))
        used, paid = first(days_of(by_hand))
        assert death.happened
        assert [one.outcome for one in cloud.invocations].count("crashed") == 1
        assert cloud.failures("book") == []
    assert (used, paid) == second(by_hand)


def test_a_batch_that_no_try_can_book_is_set_aside_whole() -> None:
    with Cloud(log_reader="book") as cloud:
        nonsense = {"awslogs": {"data": "bm8gZ3ppcA=="}}
        cloud.logs.waiting = [Waiting(cloud.now, nonsense)]
        cloud.run_for(timedelta(minutes=4))
        assert [str(one.error) for one in cloud.invocations] == ["no gzipped batch of log lines: BadGzipFile"] * 3
        assert cloud.failures("book") == [{"requestPayload": nonsense}]
