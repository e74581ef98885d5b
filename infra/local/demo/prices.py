"""List prices and what the demonstration would have cost: before free tier, discounts and tax."""

from collections.abc import Iterable
from dataclasses import dataclass

from infra.local.invocations import Report

MILLION = 1_000_000


@dataclass(frozen=True)
class Prices:
    """What a region charges, in USD."""

    request: float
    gb_second: float
    api_request: float


# ap-southeast-1, price book 2026-11-22.1: Lambda 0.20 a million requests and 0.0000133334 a GB-second on arm64
# (default tier of aws-lambda-power-tuning's table, rounded), API Gateway REST 4.25 a million (remembered, to verify).
SINGAPORE = Prices(request=0.20 / MILLION, gb_second=0.0000133334, api_request=4.25 / MILLION)


def cost_of(reports: Iterable[Report], prices: Prices = SINGAPORE) -> float:
    """Return what invocations cost in USD: requests, billed time by memory, and the API's requests."""
    return sum(cost_of_one(report, prices) for report in reports)


def cost_of_one(report: Report, prices: Prices) -> float:
    """Return what one invocation cost; the API's function is invoked once a request."""
    compute = report.billed_ms / 1000 * report.memory_mb / 1024 * prices.gb_second
    return prices.request + compute + (prices.api_request if report.function == "APIHandler" else 0.0)
