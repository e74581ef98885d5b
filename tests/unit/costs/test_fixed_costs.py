from decimal import Decimal
from typing import Any

import pytest

from chalicelib.domain.pricing.book import Price, PriceBook
from infra.failure import Failure
from infra.fixed_costs import POLLS, Fixed, Idle, fixed_costs

PRICES = {"alarm": "0.10", "dynamodb_storage": "0.285", "sqs_requests": "0.40", "nat_gateway": "0.059"}
KNOWN = {name: Price(Decimal(amount), "remembered") for name, amount in PRICES.items()}
BOOK = PriceBook("2026-11-22.1", "ap-southeast-1", "USD", {**KNOWN, "log_storage": Price(None, "missing")})
TABLE = {"BillingMode": "PAY_PER_REQUEST", "PointInTimeRecoverySpecification": {"PointInTimeRecoveryEnabled": True}}
STACK: dict[str, dict[str, Any]] = {
    "A": {"Type": "AWS::CloudWatch::Alarm"},
    "B": {"Type": "AWS::CloudWatch::Alarm"},
    "T": {"Type": "AWS::DynamoDB::Table", "Properties": TABLE},
    "L": {"Type": "AWS::Logs::LogGroup", "Properties": {"RetentionInDays": 90}},
    "F": {"Type": "AWS::Serverless::Function", "Properties": {"Events": {"E": {"Type": "SQS"}}}},
    "G": {"Type": "AWS::Serverless::Function", "Properties": {"Events": {"E": {"Type": "DynamoDB"}}}},
}


def listed(resources: dict[str, dict[str, Any]], **idle: int) -> dict[str, Fixed]:
    """Return the fixed costs by what they are for."""
    told = Idle(Decimal(idle.get("table_gb", 1)), Decimal(idle.get("log_gb", 1)), idle.get("nat", 0))
    return {one.what: one for one in fixed_costs(resources, BOOK, told)}


def test_what_is_there_is_counted_and_priced() -> None:
    found = listed(STACK, table_gb=20)

    assert found["2 × AWS::CloudWatch::Alarm"].cost == Decimal("0.20")
    assert found["1 tables: storage"].cost == Decimal("5.70")
    assert found["1 queues that Lambda listens to"].number == Decimal(POLLS) / 10**6
    assert POLLS == 657_000


def test_a_price_that_the_book_lacks_is_no_zero() -> None:
    found = listed(STACK)

    assert found["1 log groups, kept 90 days"].cost is None
    assert found["1 tables: point-in-time recovery"].cost is None


def test_nat_gateways_are_told_though_no_template_has_them() -> None:
    assert listed(STACK, nat=2)["NAT gateways (EgressMode subnet; not in the template)"].cost == Decimal("86.14")


def test_a_resource_of_which_nothing_is_known_is_not_passed_over() -> None:
    with pytest.raises(Failure, match="what does AWS::ECS::Service cost while idle"):
        listed({**STACK, "X": {"Type": "AWS::ECS::Service"}})
