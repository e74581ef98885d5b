"""What one event uses, measured with the example playbook: the table that forecasts fall back on.

python -m benchmarks.units > infra/units/measured.json

Billable units are as DynamoDB counts them; Lambda's time is the model of benchmarks/billing.py, on this machine.
"""

import json
import os
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from math import ceil
from typing import TYPE_CHECKING

from benchmarks.__main__ import ENVIRONMENT

if TYPE_CHECKING:
    from benchmarks.stopwatch import Stopwatch
    from chalicelib.domain.pricing.line import Line

CUSTOMERS, STAFF, DAYS = 100, 5, 4
REPORT_BYTES = 400  # of Lambda's own lines for an invocation
HOW = (
    f"{CUSTOMERS} customers of {STAFF} staff follow at once and run through the example playbook for {DAYS} days, "
    "in the harness; Lambda's time is modelled from processor time and 5 ms a call"
)


def main() -> None:
    """Measure, and print the table as JSON."""
    os.environ.update(ENVIRONMENT)
    __import__("tests.harness.remote")
    from benchmarks.village import village
    from chalicelib.domain.costs.units import units_of

    with village(STAFF, STAFF) as (cloud, watch):
        for number in range(CUSTOMERS):
            cloud.wecom.follow(f"s{number % STAFF}", f"new{number}", f"新客户{number}")
        for _ in range(DAYS):
            cloud.run_for(timedelta(days=1))
            cloud.wecom.confirm_all()
        cloud.run_for(timedelta(days=1))
        units = units_of(lines_of(watch), "")
    told = {event: {"counted": unit.counted, "quantities": dict(unit.quantities)} for event, unit in units.items()}
    measured = datetime.now(UTC).date().isoformat()
    print(json.dumps({"measured": measured, "how": HOW, "units": told}, ensure_ascii=False, indent=1))


def lines_of(watch: "Stopwatch") -> "Iterator[Line]":
    """Yield the ledger's lines of what was seen."""
    from benchmarks.billing import CALL_MS, MEMORY_MB, SHARE, report_of, terms, usage_of
    from chalicelib.domain.pricing.booking import lines_for
    from chalicelib.domain.pricing.facts import Report

    for printed in watch.usages:
        if printed["trigger"] == "http":  # the stopwatch leaves the API alone: its wall time stands for its processor's
            busy = sum(row["wall_ns"] for row in printed["rows"]) / 10**6 / SHARE
            report = Report(at=0, log_bytes=0, shard=0, billed_ms=ceil(busy + 2 * CALL_MS), memory_mb=MEMORY_MB,
                            status="success")
        else:
            report = report_of(printed, watch)
        size = len(json.dumps(printed, ensure_ascii=False).encode())
        usage = usage_of(printed).model_copy(update={"log_bytes": size})
        report = report.model_copy(update={"log_bytes": REPORT_BYTES})
        yield from lines_for(printed["function"], report, usage, terms())


if __name__ == "__main__":
    main()
