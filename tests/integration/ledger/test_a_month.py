"""A month of traffic: the ledger is the sum of the platform's reports times the book, to the last unit of money.

`make test` takes 100 customers, `make prove` the whole 10,000.
"""

from random import Random

import pytest

from chalicelib.handlers import usage_logs
from tests.integration.ledger.fast_ledger import fast_ledger
from tests.integration.ledger.first import days_of, first, second
from tests.integration.ledger.month import month
from tests.integration.ledger.raw import deliveries, event_of
from tests.integration.ledger.second import Second, report_in


@pytest.fixture
def customers(request: pytest.FixtureRequest) -> int:
    return 10_000 if request.config.getoption("--prove") else 100


def test_a_month_of_traffic_is_booked_to_the_last_unit(customers: int, region: str) -> None:
    dice, lines = Random(3), list(month(customers, seed=1))
    by_hand = Second(region).count(lines)
    with fast_ledger():
        for batch in deliveries(lines, dice):
            usage_logs.handle(event_of(batch))
        used, paid = first(days_of(by_hand))
    assert (used, paid) == second(by_hand)
    assert charged(used, "lambda_mb_ms") == sum(report[1] * report[2] for report in map(reported, lines) if report)
    assert charged(used, "lambda_requests") == by_hand.reports > 20 * customers
    for name in by_hand.totals:
        price = by_hand.prices[name]
        assert price is not None
        assert charged(paid, name) == charged(used, name) * price, name


def reported(line):
    return report_in(line.message)


def charged(totals, component: str) -> int:
    """Return the sum of a component over all places."""
    return sum(number for (*_, name), number in totals.items() if name == component)
