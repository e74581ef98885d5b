"""A table's stream: what moto noted of each write, as Lambda shows it."""

import copy
import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from tests.harness.database import backend
from tests.harness.remote import Json
from tests.harness.stack import REGION, Table

# Real numbers have 21 to 40 digits and grow across lengths: whoever compares them as text is found out at the tenth.
FIRST_NUMBER = 10**21 - 9
SHARD = "shardId-00000001541626099285-f35f62ef"


@dataclass(frozen=True)
class Record:
    """One record: as Lambda hands it over, when it was written, and the partition key that its order is kept by."""

    event: Json
    written_at: datetime
    key: str

    @property
    def number(self) -> str:
        """Its sequence number."""
        return str(self.event["dynamodb"]["SequenceNumber"])

    def shown(self) -> Json:
        """Return a copy that a function may do with as it likes."""
        return copy.deepcopy(self.event)


class Stream:
    """All records of one table so far. It reads each record once; every consumer keeps its own position."""

    def __init__(self, table: Table) -> None:
        self.table = table
        self.records: list[Record] = []
        self.seen = 0

    def read(self) -> None:
        """Take in what was written since the last time."""
        shard = backend().get_table(self.table.name).stream_shard
        noted = [each.to_json() for each in shard.items[self.seen :]] if shard else []
        self.seen += len(noted)
        for raw in noted:
            if not changes_nothing(raw):
                self.records.append(self.record(raw))

    def record(self, raw: Json) -> Record:
        """Return a record with a number, a time and the images of this stream's view."""
        change = raw["dynamodb"]
        written_at: datetime = change["ApproximateCreationDateTime"].replace(tzinfo=UTC)
        number = str(FIRST_NUMBER + len(self.records))
        hidden = {"NEW_IMAGE": {"OldImage"}, "OLD_IMAGE": {"NewImage"}, "KEYS_ONLY": {"OldImage", "NewImage"}}
        shown = {name: value for name, value in change.items() if name not in hidden.get(str(self.table.view), set())}
        event = {
            "eventID": hashlib.md5(f"{self.table.name}{number}".encode(), usedforsecurity=False).hexdigest(),
            "eventName": raw["eventName"],
            "eventVersion": "1.1",
            "eventSource": "aws:dynamodb",
            "awsRegion": REGION,
            "dynamodb": {
                **copy.deepcopy(shown),
                "ApproximateCreationDateTime": float(int(written_at.timestamp())),
                "SequenceNumber": number,
                "StreamViewType": self.table.view,
            },
            "eventSourceARN": self.table.stream_arn,
        }
        return Record(event, written_at, str(change["Keys"][self.partition_key]))

    @property
    def partition_key(self) -> str:
        """The name of the table's partition key."""
        schema = self.table.properties["KeySchema"]
        return next(str(element["AttributeName"]) for element in schema if element["KeyType"] == "HASH")


def changes_nothing(raw: dict[str, Any]) -> bool:
    """Whether a write left the item as it was: the cloud makes no record of it, moto does."""
    change = raw["dynamodb"]
    return bool(raw["eventName"] == "MODIFY" and change.get("OldImage") == change.get("NewImage"))
