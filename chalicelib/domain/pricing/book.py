"""A price book: what one region charges, from one day on.

Prices are kept as they are published, as decimal text per so many units, and charged as whole atto (10**-18 of the
currency) per smallest unit, rounded half to even. So a sum is quantity × price without any rounding, and the only error
is that of the price itself: at most half an atto in each. The smallest one, a millisecond of one MB, is about
13,000,000 atto, so no total is off by more than 4 parts in 100,000,000.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_EVEN, Decimal, localcontext
from functools import cache
from typing import Literal

from chalicelib.domain.pricing import components
from chalicelib.domain.pricing.line import ATTO

Architecture = Literal["arm64", "x86_64"]
MILLION, GB = 10**6, 2**30
GB_SECOND = 1024 * 1000  # milliseconds of one MB
# What a book prices: {its name there: (what it is published per, how many smallest units that is)}.
METERED: dict[str, tuple[str, int]] = {
    "lambda_requests": ("1M requests", MILLION),
    "lambda_arm64": ("GB-second", GB_SECOND),
    "lambda_x86_64": ("GB-second", GB_SECOND),
    "dynamodb_writes": ("1M units", MILLION * 1000),
    "dynamodb_reads": ("1M units", MILLION * 1000),
    "sqs_requests": ("1M requests", MILLION),
    "scheduler_invocations": ("1M invocations", MILLION),
    "api_requests": ("1M requests", MILLION),
    "data_out": ("GB", GB),
    "log_ingestion": ("GB", GB),
    "ssm_requests": ("1M requests", MILLION),
    "wecom_calls": ("1M calls", MILLION),
}
# What is paid for without any use, a month or an hour long. The ledger does not book it.
STANDING: dict[str, str] = {
    "dynamodb_storage": "GB-month",
    "dynamodb_backup": "GB-month",
    "log_storage": "GB-month",
    "custom_metric": "month",
    "alarm": "month",
    "dashboard": "month",
    "nat_gateway": "hour",
    "nat_data": "GB",
    "secret": "month",
}
NAME_OF = {
    components.LAMBDA_REQUESTS: "lambda_requests",
    components.WRITES: "dynamodb_writes",
    components.READS: "dynamodb_reads",
    components.SQS_REQUESTS: "sqs_requests",
    components.SCHEDULES: "scheduler_invocations",
    components.API_REQUESTS: "api_requests",
    components.BYTES_OUT: "data_out",
    components.LOG_BYTES: "log_ingestion",
    components.SSM_REQUESTS: "ssm_requests",
    components.WECOM_CALLS: "wecom_calls",
}


@dataclass(frozen=True)
class Price:
    """A published price; None is one that nobody has found yet. `status`: found, derived, remembered, missing."""

    amount: Decimal | None
    status: str
    source: str = ""


@dataclass(frozen=True)
class PriceBook:
    """One region's prices by name (METERED, STANDING). `version` is the first day it holds for, and an edition."""

    version: str
    region: str
    currency: str
    prices: Mapping[str, Price]

    @property
    def valid_from(self) -> date:
        """The first day that it holds for."""
        return day_of(self.version)

    def atto(self, component: str, architecture: Architecture) -> int | None:
        """Return the price of a component's smallest unit; None when it is not known."""
        name = f"lambda_{architecture}" if component == components.LAMBDA_TIME else NAME_OF.get(component)
        price = self.prices.get(name or "")
        return None if name is None or price is None or price.amount is None else smallest(price.amount, name)


@cache
def smallest(amount: Decimal, name: str) -> int:
    """Return a published price as atto per smallest unit."""
    with localcontext(prec=60):
        return int((amount * ATTO / METERED[name][1]).to_integral_value(ROUND_HALF_EVEN))


def currency_of(region: str) -> str:
    """Return what a region is billed in."""
    return "CNY" if region.startswith("cn-") else "USD"


def day_of(version: str) -> date:
    """Return the day in a version such as `2026-11-22.1`. Raises ValueError for what is none."""
    return date.fromisoformat(version.partition(".")[0])


def age_of(version: str) -> tuple[date, int]:
    """Return what puts versions in order. Raises ValueError for what is none."""
    day, _, edition = version.partition(".")
    return date.fromisoformat(day), int(edition)
