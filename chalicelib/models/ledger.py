"""The ledger's table: invocations by request id, and the lines and dedup counts of each day, which are only added to.

An invocation and what it adds to the lines are written in one transaction, under the condition that nobody has written
the invocation since it was read. So each is booked once, however often and by however many it is tried.
"""

from base64 import b64decode, b64encode
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from zlib import compress, decompress

from pynamodb.attributes import NumberAttribute, UnicodeAttribute

from chalicelib.config import settings
from chalicelib.domain.pricing.entries import Address, Entry, Numbers, line_at, periods_of
from chalicelib.domain.pricing.facts import Inputs
from chalicelib.domain.pricing.invocation import Invocation
from chalicelib.domain.pricing.line import Line, merged, total_of
from chalicelib.domain.pricing.packing import Booking, Transaction
from chalicelib.models.row import Row, Table, connection, losing_raises_conflict

KEPT_FOR = timedelta(days=100)
USAGE, LATEST = "usage", "latest_keys"
Item = Mapping[str, Mapping[str, Any]]


class LedgerRow(Row):
    """One invocation; day lines stand in the same table, as plain numbers beside their keys."""

    class Meta(Table):
        """Where PynamoDB finds it."""

        table_name = settings().table("ledger")

    period = UnicodeAttribute(hash_key=True)
    line = UnicodeAttribute(range_key=True)
    state = UnicodeAttribute(null=True)
    version = NumberAttribute(null=True)
    document = UnicodeAttribute(null=True)
    expires_at = NumberAttribute(null=True)


@dataclass(frozen=True)
class Known:
    """An invocation as it was read, and the version that the next write has to follow."""

    invocation: Invocation
    version: int


def fetch(request_ids: Iterable[str]) -> dict[str, Known]:
    """Return the invocations that are there, strongly consistent."""
    keys = [(partition(request_id), USAGE) for request_id in request_ids]
    rows = LedgerRow.batch_get(keys, consistent_read=True)
    return {row.period.partition("/")[2]: Known(opened(row.document), int(row.version)) for row in rows}


def write(transaction: Transaction) -> None:
    """Store invocations and add what they add, all of it or nothing.

    Raises ConflictError when one was written since it was read, or when somebody else is writing a row right now.
    """
    puts = [put_of(booking) for booking in transaction.bookings]
    updates = [update_of(address, entry) for address, entry in sorted(transaction.entries.items(), key=first)]
    with losing_raises_conflict():
        connection().transact_write_items((), (), puts, updates)


def put_of(booking: Booking) -> dict[str, Any]:
    """Return the write of an invocation, on condition that nobody has written it since."""
    invocation = booking.after
    row = LedgerRow(
        period=partition(booking.request_id),
        line=USAGE,
        state=invocation.state,
        version=booking.version + 1,
        document=closed(invocation),
        expires_at=invocation.seen_at // 1000 + int(KEPT_FOR.total_seconds()),
    )
    put = {"TableName": LedgerRow.Meta.table_name, "Item": row.to_dynamodb_dict()}
    if not booking.version:
        return put | {"ConditionExpression": "attribute_not_exists(period)"}
    return put | {
        "ConditionExpression": "version = :before",
        "ExpressionAttributeValues": {":before": {"N": str(booking.version)}},
    }


def update_of(address: Address, entry: Entry) -> dict[str, Any]:
    """Return the addition to a line."""
    names = dict(enumerate(sorted(entry.numbers)))
    values: dict[str, Any] = {f":{place}": {"N": str(entry.numbers[name])} for place, name in names.items()}
    added = f"ADD {', '.join(f'#{place} :{place}' for place in names)}"
    if entry.sample:
        values[":latest"] = {"L": [{"S": key} for key in entry.sample]}
        added += f" SET {LATEST} = :latest"
    return {
        "TableName": LedgerRow.Meta.table_name,
        "Key": {"period": {"S": address.period}, "line": {"S": address.line}},
        "UpdateExpression": added,
        "ExpressionAttributeNames": {f"#{place}": name for place, name in names.items()},
        "ExpressionAttributeValues": values,
    }


def lines_of(day: date) -> Iterator[Line]:
    """Yield the lines of a day (UTC, of the reports), one a function, book and key, in that order."""
    return merged(line_at(address, numbers) for address, numbers, _ in rows_of("day", day))


def duplicates_of(day: date) -> dict[str, Inputs]:
    """Return the dedup counts of a day (UTC) by kind, each with a few of the keys that were dropped last."""
    found: dict[str, Inputs] = {}
    for address, numbers, sample in rows_of("duplicates", day):
        known = found.get(address.line, Inputs())
        total = total_of(({"taken": known.taken, "dropped": known.dropped}, numbers))
        found[address.line] = Inputs(taken=total["taken"], dropped=total["dropped"], keys=(*known.keys, *sample))
    return found


def unsettled() -> Iterator[tuple[str, Invocation]]:
    """Yield (request id, invocation) of all that wait for a report or lack a usage line. Reads the whole table."""
    state = LedgerRow.state.is_in("waiting", "unattributed")
    for row in LedgerRow.scan(state):
        yield row.period.partition("/")[2], opened(row.document)


def rows_of(kind: str, day: date) -> Iterator[tuple[Address, Numbers, tuple[str, ...]]]:
    """Yield the rows of a day: where each stands, its numbers, its sample of keys."""
    for period in periods_of(kind, day):
        for item in items_of(period):
            numbers = {name: int(value["N"]) for name, value in item.items() if "N" in value}
            sample = tuple(key["S"] for key in item.get(LATEST, {}).get("L", ()))
            yield Address(period, item["line"]["S"]), numbers, sample


def items_of(period: str) -> Iterator[Item]:
    """Yield the items of a partition, strongly consistent."""
    asked: dict[str, Any] = {
        "TableName": LedgerRow.Meta.table_name,
        "KeyConditionExpression": "period = :period",
        "ExpressionAttributeValues": {":period": {"S": period}},
        "ConsistentRead": True,
    }
    while True:
        page = connection().dispatch("Query", dict(asked))
        yield from page["Items"]
        if "LastEvaluatedKey" not in page:
            return
        asked["ExclusiveStartKey"] = page["LastEvaluatedKey"]


def partition(request_id: str) -> str:
    """Return the partition of an invocation."""
    return f"invocation/{request_id}"


def closed(invocation: Invocation) -> str:
    """Return an invocation as a row's document: packed, most of them fit the one KB that a unit pays for."""
    return b64encode(compress(invocation.model_dump_json(exclude_defaults=True).encode())).decode()


def opened(document: str) -> Invocation:
    """Return the invocation in a row's document."""
    return Invocation.model_validate_json(decompress(b64decode(document)))


def first(item: tuple[Address, Entry]) -> Address:
    """Return what puts additions in order."""
    return item[0]
