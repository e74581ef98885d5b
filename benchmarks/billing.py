"""What a piece of work is billed: units as counted, money by the shipped price book, Lambda's time by a model.

The model: 5 ms for each call of another system, and the processor time measured here at the share of a processor that
512 MB get (512 of 1,769). It says how designs compare, not what a bill will be; the ledger says that.
"""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from math import ceil
from typing import Any

from benchmarks.stopwatch import Stopwatch
from chalicelib.domain.pricing import components
from chalicelib.domain.pricing.booking import Terms, lines_for
from chalicelib.domain.pricing.facts import Report, Usage
from chalicelib.domain.pricing.line import ATTO
from chalicelib.domain.pricing.reading import books_of
from chalicelib.domain.pricing.shelf import Shelf
from chalicelib.gateways.shipped_books import shipped_books
from tests.harness.template import logical_id

CALL_MS, MEMORY_MB, SHARE = 5, 512, 512 / 1769
LOADS = (1, 10, 100, 1_000)
UNITS = {components.WRITES: 1000, components.READS: 1000}

# The fewest that any design on these services could use, for 1,000 of them. A behaviour: the fact and the customer's
# counters are written, and the customer read (eventually consistent, 0.5). A step: one schedule fires into one queue
# (sent, received and deleted by tens), customer and enrolment are read, and three rows change: the enrolment moves on,
# the push is planned, and learns its result.
FLOORS: Mapping[str, Mapping[str, float]] = {
    "behaviour": {components.WRITES: 1_000, components.READS: 500, components.LAMBDA_REQUESTS: 10},
    "step": {
        components.WRITES: 3_000,
        components.READS: 1_000,
        components.LAMBDA_REQUESTS: 200,
        components.SQS_REQUESTS: 1_200,
        components.SCHEDULES: 1_000,
    },
}


@dataclass(frozen=True)
class Bill:
    """1,000 of something: whole units by component, and USD."""

    quantities: Mapping[str, float]
    usd: float

    def floor_usd(self, floor: Mapping[str, float]) -> float:
        """Return what the floor's units cost, without any time of Lambda."""
        amounts = terms().amounts({name: round(used * UNITS.get(name, 1)) for name, used in floor.items()})
        return sum(amounts.values()) / ATTO


@cache
def terms() -> Terms:
    """Return the shipped prices of Singapore."""
    books = [books_of(content, file)["ap-southeast-1"] for file, content in shipped_books()]
    return Terms(Shelf.of(books).newest, "arm64")


def bill_of(watch: Stopwatch, events: int, of: Collection[str] = ()) -> Bill:
    """Return what 1,000 events are billed, from the usage lines of some functions, or of all."""
    used: Counter[str] = Counter()
    atto = 0
    for usage in watch.usages:
        if of and usage["function"] not in of:
            continue
        for line in lines_for(usage["function"], report_of(usage, watch), usage_of(usage), terms()):
            used.update(line.quantities)
            atto += line.total
    quantities = {name: number / UNITS.get(name, 1) / events * 1_000 for name, number in used.items()}
    return Bill(quantities, atto / ATTO / events * 1_000)


def usage_of(printed: Mapping[str, Any]) -> Usage:
    """Return a usage line as the ledger reads it."""
    names = ("trigger", "cold", "records", "rows")
    return Usage.model_validate({"at": 0, "log_bytes": 0, "shard": 0, **{name: printed[name] for name in names}})


def report_of(printed: Mapping[str, Any], watch: Stopwatch) -> Report:
    """Return the report that Lambda would make by the model."""
    name = next(each for each in watch.records if logical_id(each) == printed["function"])
    calls = sum(times for row in printed["rows"] for times in row.get("calls", {}).values())
    busy = watch.cpu[name] / watch.records[name] * printed["records"] / SHARE * 1_000
    billed = ceil(calls * CALL_MS + busy)
    return Report(at=0, log_bytes=0, shard=0, billed_ms=billed, memory_mb=MEMORY_MB, status="success")


def curve(what: str, bills: Mapping[int, Bill], lanes: int) -> Iterator[tuple[str, float, str]]:
    """Yield the cost at several loads: the heavier, the fuller a batch. `lanes` take a batch each, once a second."""
    for load in LOADS:
        batch = max((size for size in bills if size <= max(1, load / lanes)), default=1)
        yield (f"{what} at {load:,} a second (batches of {batch})", bills[batch].usd, "USD, modelled")
