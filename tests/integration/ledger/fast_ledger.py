"""A table that answers at once, for a month of traffic: moto needs a tenth of a second for a transaction.

It knows the few requests that are made of the ledger, refuses what DynamoDB would refuse of them, and nothing else.
"""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from tests.harness.remote import ATTACHED, AwsError, Call

Json = dict[str, Any]
PAGE = 200
UPDATE = re.compile(r"ADD (?P<added>.+?)(?: SET latest_keys = :latest)?")
ABSENT, FOLLOWS = "attribute_not_exists(period)", "version = :before"


class FastLedger:
    """A wire that keeps the ledger's items itself, and has an empty catalog."""

    def __init__(self) -> None:
        self.items: dict[tuple[str, str], Json] = {}
        self.calls = 0

    def before(self, call: Call) -> None:
        """See a call leave."""

    def after(self, call: Call) -> None:
        """See a call return."""

    def answer(self, service: str, operation: Any, params: Mapping[str, Any]) -> Json | None:
        """Answer what is asked of the ledger."""
        assert service == "dynamodb", f"{service} {operation.name}"
        self.calls += 1
        verbs = {"BatchGetItem": self.batch_get, "TransactWriteItems": self.transact, "Query": self.query}
        if operation.name == "GetItem" and params["TableName"].endswith("-catalog"):
            return {}
        return verbs[operation.name](params)

    def batch_get(self, params: Mapping[str, Any]) -> Json:
        """Return the items of up to 100 keys."""
        [(table, asked)] = params["RequestItems"].items()
        assert asked["ConsistentRead"]
        assert 1 <= len(asked["Keys"]) <= 100
        found = [self.items[place(key)] for key in asked["Keys"] if place(key) in self.items]
        return {"Responses": {table: found}, "UnprocessedKeys": {}}

    def transact(self, params: Mapping[str, Any]) -> Json:
        """Do all of it or nothing."""
        acts = [next(iter(act.items())) for act in params["TransactItems"]]
        places = [place(act["Item"] if kind == "Put" else act["Key"]) for kind, act in acts]
        assert len(acts) <= 100
        assert len(set(places)) == len(places), "a transaction names an item twice"
        if not all(self.holds(act) for kind, act in acts if kind == "Put"):
            raise AwsError("TransactionCanceledException", "Transaction cancelled [ConditionalCheckFailed]")
        for kind, act in acts:
            if kind == "Put":
                self.items[place(act["Item"])] = act["Item"]
            else:
                self.add(act)
        return {}

    def holds(self, act: Mapping[str, Any]) -> bool:
        """Whether a put's condition holds."""
        stored = self.items.get(place(act["Item"]))
        if act["ConditionExpression"] == ABSENT:
            return stored is None
        assert act["ConditionExpression"] == FOLLOWS
        return stored is not None and stored["version"] == act["ExpressionAttributeValues"][":before"]

    def add(self, act: Mapping[str, Any]) -> None:
        """Add numbers to an item."""
        found = UPDATE.fullmatch(act["UpdateExpression"])
        assert found is not None, act["UpdateExpression"]
        values = act["ExpressionAttributeValues"]
        item = self.items.setdefault(place(act["Key"]), dict(act["Key"]))
        for each in found["added"].split(", "):
            sign, value = each.split(" ")
            name = act["ExpressionAttributeNames"][sign]
            item[name] = {"N": str(int(item.get(name, {"N": "0"})["N"]) + int(values[value]["N"]))}
        if ":latest" in values:
            item["latest_keys"] = values[":latest"]

    def query(self, params: Mapping[str, Any]) -> Json:
        """Return a page of a partition."""
        if params["TableName"].endswith("-catalog"):
            return {"Items": [], "Count": 0, "ScannedCount": 0}
        wanted = params["ExpressionAttributeValues"][":period"]["S"]
        rows = sorted(item["line"]["S"] for (period, _), item in self.items.items() if period == wanted)
        start = rows.index(params["ExclusiveStartKey"]["line"]["S"]) + 1 if "ExclusiveStartKey" in params else 0
        page = [self.items[wanted, line] for line in rows[start : start + PAGE]]
        is_last = start + PAGE >= len(rows)
        more = {} if is_last else {"LastEvaluatedKey": {name: page[-1][name] for name in ("period", "line")}}
        return {"Items": page, "Count": len(page), **more}


def place(item: Mapping[str, Any]) -> tuple[str, str]:
    """Return the key of an item."""
    return item["period"]["S"], item["line"]["S"]


@contextmanager
def fast_ledger() -> Iterator[FastLedger]:
    """Stand in for DynamoDB."""
    wire = FastLedger()
    ATTACHED.append(wire)
    try:
        yield wire
    finally:
        ATTACHED.remove(wire)
