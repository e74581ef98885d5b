"""What an invocation costs, and on whose behalf: a report, its usage line and a price book become lines."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from chalicelib.domain.pricing import components
from chalicelib.domain.pricing.book import Architecture, PriceBook
from chalicelib.domain.pricing.components import COMPONENTS
from chalicelib.domain.pricing.facts import Report, Row, Usage
from chalicelib.domain.pricing.line import UNATTRIBUTED, Line
from chalicelib.metering.keys import SHARED, Key, key_of
from chalicelib.metering.usage import parts

POLLED = {"sqs": {components.SQS_REQUESTS: 2}, "http": {components.API_REQUESTS: 1}}  # a receipt and a deletion
FREE = ("scheduler.DeleteSchedule",)
REFUSED = ".refused"


@dataclass(frozen=True)
class Terms:
    """Under which book a function's invocations are booked, and what its processor is."""

    book: PriceBook
    architecture: Architecture

    def amounts(self, quantities: Mapping[str, int]) -> dict[str, int]:
        """Return what quantities cost, in atto; a component without a price is not in it."""
        prices = {name: self.book.atto(name, self.architecture) for name in quantities}
        return {name: used * price for name, used in quantities.items() if (price := prices[name]) is not None}


def lines_for(function: str, report: Report, usage: Usage | None, terms: Terms) -> Iterator[Line]:
    """Yield the lines of one invocation, one a key. They sum to what the report and the usage line say, to the unit."""
    rows = rows_by_key(usage)
    weights = [row.wall_ns for row in rows.values()]
    whole = once(report, usage)
    quantities = shares(whole, weights)
    amounts = shares(terms.amounts(whole), weights)
    records = parts(usage.records if usage else 0, weights)
    for place, (key, row) in enumerate(rows.items()):
        own = used(row)
        yield Line(
            day=datetime.fromtimestamp(report.at / 1000, UTC).date(),
            function=function,
            book=terms.book.version,
            key=key,
            quantities={**quantities[place], **added(own, quantities[place])},
            amounts={**amounts[place], **added(terms.amounts(own), amounts[place])},
            invocations=1,
            records=records[place],
        )


def rows_by_key(usage: Usage | None) -> dict[Key, Row]:
    """Return what was used by key, in order of key; without a usage line nobody knows on whose behalf."""
    if usage is None:
        return {UNATTRIBUTED: Row(key={})}
    rows = {key_of(**row.key): row for row in usage.rows} or {SHARED: Row(key={})}
    return dict(sorted(rows.items()))


def once(report: Report, usage: Usage | None) -> dict[str, int]:
    """Return what is paid for once an invocation, whatever its keys used."""
    polled = POLLED.get(usage.trigger, {}) if usage else {}
    return {
        components.LAMBDA_REQUESTS: 1,
        components.LAMBDA_TIME: report.billed_ms * report.memory_mb,
        components.LOG_BYTES: report.log_bytes + (usage.log_bytes if usage else 0),
        **polled,
    }


def shares(whole: Mapping[str, int], weights: list[int]) -> list[dict[str, int]]:
    """Split every quantity by weights, each so that its parts sum to it."""
    split = {name: parts(total, weights) for name, total in whole.items()}
    return [{name: part[place] for name, part in split.items()} for place in range(len(weights))]


def used(row: Row) -> dict[str, int]:
    """Return what a row counted by itself: what it did not use is left out."""
    counted = dict.fromkeys(COMPONENTS, 0)
    counted |= {components.WRITES: row.wru, components.READS: row.rru, components.BYTES_OUT: row.bytes_out}
    for call, times in row.calls.items():
        if component := component_of(call):
            counted[component] += times
    return {name: number for name, number in counted.items() if number}


def component_of(call: str) -> str | None:
    """Return what a call is paid as; None for one that costs nothing by itself.

    DynamoDB is paid by its units. A schedule is paid when it fires, once. A refused call is not charged.
    """
    service, _, operation = call.partition(".")
    if operation.endswith(REFUSED) or service == "dynamodb" or call in FREE:
        return None
    if service == "scheduler":
        return components.SCHEDULES if operation == "CreateSchedule" else components.OTHER_CALLS
    by_service = {"sqs": components.SQS_REQUESTS, "ssm": components.SSM_REQUESTS, "wecom": components.WECOM_CALLS}
    return by_service.get(service, components.OTHER_CALLS)


def added(own: Mapping[str, int], shared: Mapping[str, int]) -> dict[str, int]:
    """Return a row's own numbers with its share of the same components."""
    return {name: number + shared.get(name, 0) for name, number in own.items()}
