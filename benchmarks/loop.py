"""The loop's functions with the example playbook: how much one processor does, and how much is billed for it.

Processor time is the function's own, AWS clients included, the network and the services not. Units are counted as
DynamoDB counts them (tests/harness/units.py). Money adds a model of Lambda's time, which is said below.
"""

from collections.abc import Iterable, Mapping
from datetime import timedelta

from benchmarks.billing import FLOORS, Bill, bill_of, curve
from benchmarks.stopwatch import Stopwatch
from benchmarks.village import behave, invoke, village

BATCHES = (1, 10, 100, 1_000)
CUSTOMERS = 1_000
STEPPERS = 300
Row = tuple[str, float, str]


def rows() -> list[Row]:
    """Return (what, value, unit) of each figure."""
    return [*behaviours(), *steps()]


def behaviours() -> Iterable[Row]:
    """Measure what taking in a behaviour takes."""
    with village(CUSTOMERS) as (cloud, watch):
        bills: dict[int, Bill] = {}
        for batch in BATCHES:
            records = behave(cloud, CUSTOMERS)
            watch.begin()
            invoke(cloud, "tag", records, batch)
            yield (f"behaviours through tag, batches of {batch:,}", rate(watch, "tag"), "a second and core")
            bills[batch] = bill_of(watch, CUSTOMERS)
    yield from billed("1,000 behaviours taken in", bills[100], FLOORS["behaviour"])
    yield from curve("1,000 behaviours taken in", bills, lanes=40)


def steps() -> Iterable[Row]:
    """Measure what an SOP step takes, from its schedule to the result of its push."""
    with village(STEPPERS) as (cloud, watch):
        cloud.run_for(timedelta(days=1))
        cloud.wecom.confirm_all()
        cloud.run_for(timedelta(days=1))
        taken = watch.records["run_step"]
        yield ("steps through run_step, batches of up to 10", rate(watch, "run_step"), "a second and core")
        delivered = taken / watch.cpu["deliver"]
        yield (f"steps through deliver, {STEPPERS} a group-send", delivered, "a second and core")
        bill = bill_of(watch, taken, of=("Schedule", "RunStep", "Deliver", "Collect"))
    yield from billed("1,000 SOP steps", bill, FLOORS["step"])


def rate(watch: Stopwatch, function: str) -> float:
    """Return how many records a second of processor time takes in."""
    return watch.records[function] / watch.cpu[function]


def billed(what: str, bill: Bill, floor: Mapping[str, float]) -> Iterable[Row]:
    """Yield a bill beside the least that any design on these services could be billed."""
    for name, least in floor.items():
        yield (f"{what}: {name}", bill.quantities[name], f"(floor {least:,.0f})")
    yield (f"{what}: cost, modelled", bill.usd, "USD")
    yield (f"{what}: cost over its floor", bill.usd / bill.floor_usd(floor), "×")
