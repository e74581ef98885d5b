"""What the demonstration would have cost in the cloud: list prices of the book that ships, before free tier and tax."""

from collections.abc import Iterable
from functools import cache

from chalicelib.domain.pricing import components
from chalicelib.domain.pricing.book import Architecture, PriceBook
from chalicelib.domain.pricing.line import ATTO
from chalicelib.domain.pricing.reading import books_of
from chalicelib.gateways.shipped_books import shipped_books
from infra.local.emulator import REGION
from infra.local.invocations import Report

PROCESSOR: Architecture = "arm64"  # that of the stages dev and prod, whatever this machine's is


@cache
def book() -> PriceBook:
    """Return the newest book that ships, for the emulator's region."""
    file, content = shipped_books()[-1]
    return books_of(content, file)[REGION]


def cost_of(reports: Iterable[Report]) -> float:
    """Return what invocations cost in the book's currency: requests, billed time by memory, and the API's requests."""
    return sum(map(cost_of_one, reports)) / ATTO


def cost_of_one(report: Report) -> int:
    """Return what one invocation cost, in atto; the API's function is invoked once a request."""
    used = {
        components.LAMBDA_REQUESTS: 1,
        components.LAMBDA_TIME: report.billed_ms * report.memory_mb,
        components.API_REQUESTS: int(report.function == "APIHandler"),
    }
    return sum(number * (book().atto(name, PROCESSOR) or 0) for name, number in used.items())
