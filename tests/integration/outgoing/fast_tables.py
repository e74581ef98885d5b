"""Tables that answer at once, for tests with ten thousand rows: moto needs half a minute to read so many.

They know the few requests that the outgoing side makes of the pushes table, page as DynamoDB does, and refuse
everything else.
"""

from bisect import insort
from collections.abc import Iterable, Mapping
from typing import Any

from chalicelib.models.pushes import PushRow
from tests.harness.remote import AwsError, Call

PAGE = 900
Json = dict[str, Any]
AS_READ = "(#0 = :0 AND (attribute_not_exists (#1) OR #1 = :1))"


class FastTables:
    """A wire that keeps the items of the pushes table itself and lets all other calls go on."""

    def __init__(self) -> None:
        self.items: dict[str, dict[str, Json]] = {}
        self.order: dict[str, list[str]] = {}

    def hold(self, rows: Iterable[PushRow]) -> None:
        """Put rows in without a call."""
        for row in rows:
            self.put({"Item": row.to_dynamodb_dict()})

    def before(self, call: Call) -> None:
        """See a call leave."""

    def after(self, call: Call) -> None:
        """See a call return."""

    def answer(self, service: str, operation: Any, params: Mapping[str, Any]) -> Json | None:
        """Answer what is asked of the pushes table."""
        if service != "dynamodb" or not str(params.get("TableName")).endswith("-pushes"):
            return None
        return {"PutItem": self.put, "Query": self.query}[operation.name](params)

    def put(self, params: Mapping[str, Any]) -> Json:
        """Store an item under its condition."""
        item = params["Item"]
        batch, member = item["batch"]["S"], item["member"]["S"]
        partition = self.items.setdefault(batch, {})
        if not holds(params, partition.get(member)):
            raise AwsError("ConditionalCheckFailedException", "The conditional request failed")
        if member not in partition:
            insort(self.order.setdefault(batch, []), member)
        partition[member] = item
        return {}

    def query(self, params: Mapping[str, Any]) -> Json:
        """Return a page of a partition."""
        [batch] = [value["S"] for value in params["ExpressionAttributeValues"].values()]
        order = self.order.get(batch, [])
        start = order.index(params["ExclusiveStartKey"]["member"]["S"]) + 1 if "ExclusiveStartKey" in params else 0
        rows = [self.items[batch][member] for member in order[start : start + PAGE]]
        page: Json = {"Items": rows, "Count": len(rows), "ScannedCount": len(rows)}
        if start + PAGE < len(order):
            page["LastEvaluatedKey"] = {name: rows[-1][name] for name in ("batch", "member")}
        return page


def holds(params: Mapping[str, Any], stored: Json | None) -> bool:
    """Whether a put's condition holds: the item is not there, its state is among some, or it is what was read."""
    condition = params.get("ConditionExpression")
    if condition is None:
        return True
    if condition == "attribute_not_exists (#0)":
        return stored is None
    if condition == AS_READ and params["ExpressionAttributeNames"] == {"#0": "state", "#1": "planned_at"}:
        values = params["ExpressionAttributeValues"]
        return stored is not None and (stored["state"], stored["planned_at"]) == (values[":0"], values[":1"])
    if not condition.startswith("#0 IN (") or params["ExpressionAttributeNames"] != {"#0": "state"}:
        raise NotImplementedError(condition)
    return stored is not None and stored["state"] in params["ExpressionAttributeValues"].values()
