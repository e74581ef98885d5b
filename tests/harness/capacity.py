"""The ConsumedCapacity of each operation, from the items that it found and left."""

from collections.abc import Iterator, Mapping
from typing import Any

from moto.dynamodb.models import DynamoDBBackend

from tests.harness import units
from tests.harness.remote import Json

WRITES = ("PutItem", "UpdateItem", "DeleteItem")
Write = tuple[str, Json, Json]  # table, key, item before


def writes_in(operation: str, params: Mapping[str, Any], tables: DynamoDBBackend) -> list[Write]:
    """Return what an operation is about to write, with the items as they are now."""
    return [(table, key, stored(tables, table, key)) for table, key in targets(operation, params, tables)]


def targets(operation: str, params: Mapping[str, Any], tables: DynamoDBBackend) -> Iterator[tuple[str, Json]]:
    """Yield the table and key of each item that an operation writes."""
    items = [{operation: params}] if operation in WRITES else params.get("TransactItems", ())
    for act in (act for item in items for act in item.values()):
        names = [element["AttributeName"] for element in tables.get_table(act["TableName"]).schema]
        source = act.get("Item") or act["Key"]
        yield act["TableName"], {name: source[name] for name in names}


def stored(tables: DynamoDBBackend, table: str, key: Json) -> Json:
    """Return an item as it is; empty when there is none."""
    item = tables.get_item(table, key)
    return dict(item.to_json()["Attributes"]) if item else {}


def consumed(
    operation: str, params: Mapping[str, Any], written: list[Write], output: Json, tables: DynamoDBBackend
) -> Any:
    """Return what DynamoDB would say that an operation took."""
    if operation == "BatchGetItem":
        return [reading(output, table, asked) for table, asked in params["RequestItems"].items()]
    if operation in ("GetItem", "Query"):
        items = output.get("Items") or [output.get("Item") or {}]
        units_read = units.read(items, params.get("ConsistentRead", False))
        return {"TableName": params["TableName"], "CapacityUnits": units_read}
    lines = [writing(write, tables) for write in written]
    if operation == "TransactWriteItems":
        return [{**line, "CapacityUnits": 2 * line["CapacityUnits"]} for line in lines]
    return lines[0] if lines else None


def writing(write: Write, tables: DynamoDBBackend) -> Json:
    """Return what one write took."""
    table, key, before = write
    took = units.written(before, stored(tables, table, key), entries(tables, table))
    return {"TableName": table, "CapacityUnits": took}


def reading(output: Json, table: str, asked: Mapping[str, Any]) -> Json:
    """Return what a batch took of one table; a key without an item takes as much as a small one."""
    found = output["Responses"].get(table, [])
    missing: list[Json] = [{} for _ in range(len(asked["Keys"]) - len(found))]
    took = sum(units.read([item], asked.get("ConsistentRead", False)) for item in [*found, *missing])
    return {"TableName": table, "CapacityUnits": took}


def entries(tables: DynamoDBBackend, table: str) -> list[list[str]]:
    """Return the attributes that each index of a table holds."""
    described = tables.get_table(table)
    keys = [element["AttributeName"] for element in described.schema]
    return [
        [*dict.fromkeys([*(element["AttributeName"] for element in index.schema), *keys])]
        for index in described.global_indexes
    ]
