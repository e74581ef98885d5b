"""What each journey cost in a month, kept beside the day lines, so that a budget is watched by one small query.

They stand at `month/2026-11/{journey}` by shard, are added to in the same transactions as the day lines, and so are as
exact as those.
"""

from collections.abc import Iterable

from chalicelib.domain.pricing.entries import Address, Entries, Entry, escaped, unescaped
from chalicelib.domain.pricing.line import SHARED_NAME, UNATTRIBUTED_NAME, Line

MONTH = "month/"
PAID = "paid"


def month_entries(lines: Iterable[tuple[int, Line]]) -> Entries:
    """Return what lines with their shards add to the months of their journeys, in atto."""
    found: Entries = {}
    for shard, line in lines:
        journey = line.value("journey")
        if journey not in (SHARED_NAME, UNATTRIBUTED_NAME):
            address = Address(month_period(f"{line.day:%Y-%m}", journey), str(shard))
            before = found[address].numbers[PAID] if address in found else 0
            found[address] = Entry({PAID: before + line.total})
    return found


def month_period(month: str, journey: str) -> str:
    """Return the partition of a journey's month."""
    return f"{MONTH}{month}/{escaped(journey)}"


def months_among(addresses: Iterable[Address]) -> set[tuple[str, str]]:
    """Return (month, journey) of the addresses that are a journey's month."""
    split = (address.period.split("/", 2) for address in addresses if address.period.startswith(MONTH))
    return {(month, unescaped(journey)) for _, month, journey in split}
