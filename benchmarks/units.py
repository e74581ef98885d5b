"""What one event uses, measured with the example playbook: the table that forecasts fall back on.

    python -m benchmarks.units > infra/units/measured.json

Billable units are as DynamoDB counts them; Lambda's time is the model of benchmarks/billing.py, on this machine.
"""

import json
import os
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from benchmarks.__main__ import ENVIRONMENT

if TYPE_CHECKING:
    from benchmarks.stopwatch import Stopwatch

CUSTOMERS, STAFF, DAYS = 200, 10, 4
HOW = (
    f"{CUSTOMERS} customers of {STAFF} staff follow within minutes and run through the example playbook for {DAYS} days, "
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
        print(json.dumps({"measured": "2026-11-22", "how": HOW, "units": told}, ensure_ascii=False, indent=1))


def lines_of(watch: "Stopwatch") -> Any:
    """Return the ledger's lines of what was seen."""
    from benchmarks.billing import report_of, terms, usage_of
    from chalicelib.domain.pricing.booking import lines_for

    for printed in watch.usages:
        yield from lines_for(printed["function"], report_of(printed, watch), usage_of(printed), terms())


if __name__ == "__main__":
    main()
