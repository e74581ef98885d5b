"""Tables in a dictionary, for hundreds of thousands of rows: moto would need hours.

They know the requests that steps, deliveries and results make of these tables, page as DynamoDB does (1 MB), and refuse
everything else. There are no streams: what a stream would do next is not part of the festival.
"""

import re
from bisect import bisect_right, insort
from collections.abc import Iterable, Mapping
from typing import Any

from tests.harness.remote import AwsError, Json

KEYS = {
    "customers": ("customer_id",),
    "enrolments": ("customer_id", "run"),
    "pushes": ("batch", "member"),
    "behaviours": ("subject", "position"),
}
PAGE_BYTES = 1_000_000
EQUAL = re.compile(r"(#\d+) = (:\d+)")
AMONG = re.compile(r"(#\d+) IN \((.*)\)")
ABSENT = re.compile(r"attribute_not_exists \((#\d+)\)")
REFUSED = "The conditional request failed"


class MemoryTables:
    """Rows by table, partition and sort key ("" where a table has none)."""

    def __init__(self, keys: Mapping[str, tuple[str, ...]] = KEYS) -> None:
        self.keys = keys
        self.rows: dict[str, dict[str, dict[str, Json]]] = {name: {} for name in keys}
        self.order: dict[str, dict[str, list[str]]] = {name: {} for name in keys}

    def hold(self, table: str, items: Iterable[Json]) -> None:
        """Put items in without a call."""
        for item in items:
            self.put(table, {"Item": item})

    def all(self, table: str) -> Iterable[Json]:
        """Yield every item of a table."""
        return (item for partition in self.rows[table].values() for item in partition.values())

    def answer(self, operation: str, params: Mapping[str, Any]) -> Json | None:
        """Answer an operation; None for one on another table."""
        if operation == "TransactWriteItems":
            return self.transact(params)
        table = table_in(params)
        if table not in self.keys or operation == "CreateTable":
            return None
        return {"GetItem": self.get, "PutItem": self.put, "Query": self.query}[operation](table, params)

    def get(self, table: str, params: Mapping[str, Any]) -> Json:
        """GetItem."""
        partition, sort = self.place(table, params["Key"])
        found = self.rows[table].get(partition, {}).get(sort)
        return {"Item": found} if found else {}

    def put(self, table: str, params: Mapping[str, Any]) -> Json:
        """PutItem."""
        partition, sort = self.place(table, params["Item"])
        rows = self.rows[table].setdefault(partition, {})
        if not holds(params, rows.get(sort)):
            raise AwsError("ConditionalCheckFailedException", REFUSED)
        if sort not in rows:
            insort(self.order[table].setdefault(partition, []), sort)
        rows[sort] = params["Item"]
        return {}

    def transact(self, params: Mapping[str, Any]) -> Json:
        """TransactWriteItems of puts."""
        puts = [(table_in(each["Put"]), each["Put"]) for each in params["TransactItems"]]
        for table, put in puts:
            partition, sort = self.place(table, put["Item"])
            if not holds(put, self.rows[table].get(partition, {}).get(sort)):
                raise AwsError("TransactionCanceledException", REFUSED)
        for table, put in puts:
            self.put(table, {"Item": put["Item"]})
        return {}

    def query(self, table: str, params: Mapping[str, Any]) -> Json:
        """Query of one whole partition, a page at a time."""
        [partition] = [value["S"] for value in params["ExpressionAttributeValues"].values()]
        rows, order = self.rows[table].get(partition, {}), self.order[table].get(partition, [])
        start = params.get("ExclusiveStartKey")
        begin = bisect_right(order, self.place(table, start)[1]) if start else 0
        end, size = begin, 0
        while end < len(order) and size < PAGE_BYTES:
            size += sum(len(next(iter(value.values()))) for value in rows[order[end]].values())
            end += 1
        items = [rows[sort] for sort in order[begin:end]]
        page: Json = {"Items": items, "Count": len(items), "ScannedCount": len(items)}
        if end < len(order):
            page["LastEvaluatedKey"] = {name: items[-1][name] for name in self.keys[table]}
        return page

    def place(self, table: str, item: Mapping[str, Json]) -> tuple[str, str]:
        """Return an item's partition and sort key."""
        keys = [str(item[name]["S"]) for name in self.keys[table]]
        return keys[0], keys[1] if len(keys) > 1 else ""


def table_in(params: Mapping[str, Any]) -> str:
    """Return a table's own name."""
    return str(params.get("TableName", "")).rpartition("-")[2]


def holds(params: Mapping[str, Any], stored: Json | None) -> bool:
    """Whether a put's condition holds."""
    condition = params.get("ConditionExpression")
    if condition is None:
        return True
    names, values = params.get("ExpressionAttributeNames", {}), params.get("ExpressionAttributeValues", {})
    if ABSENT.fullmatch(condition):
        return stored is None
    if found := EQUAL.fullmatch(condition):
        return stored is not None and stored[names[found[1]]] == values[found[2]]
    if found := AMONG.fullmatch(condition):
        among = [values[name.strip()] for name in found[2].split(",")]
        return stored is not None and stored[names[found[1]]] in among
    raise NotImplementedError(condition)
