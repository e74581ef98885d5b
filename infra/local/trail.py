"""What is asked of the emulator: its own record of API calls, as CloudTrail keeps one."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from http.client import HTTPConnection

from infra.failure import Failure
from infra.local.emulator import Emulator

SWITCH = "cloudtrail._recording_enabled"


@dataclass(frozen=True)
class Trail:
    """Every call that anybody has made since `began`. What the emulator does inside is none: firing a schedule."""

    emulator: Emulator
    began: datetime

    def calls(self, operation: str = "") -> list[str]:
        """Return the last calls, at most 50, of one operation or of all: `dynamodb.PutItem`."""
        wanted = {"LookupAttributes": [{"AttributeKey": "EventName", "AttributeValue": operation}]} if operation else {}
        events = self.emulator.client("cloudtrail").lookup_events(StartTime=self.began, **wanted)["Events"]
        return [f"{event['EventSource'].partition('.')[0]}.{event['EventName']}" for event in events]


@contextmanager
def recorded(emulator: Emulator) -> Iterator[Trail]:
    """Record calls meanwhile; they can be read afterwards too."""
    switch(emulator, is_on=True)
    try:
        yield Trail(emulator, datetime.now(UTC))
    finally:
        switch(emulator, is_on=False)


def switch(emulator: Emulator, *, is_on: bool) -> None:
    """Begin or end recording. Raises Failure when the emulator does not."""
    connection = HTTPConnection("127.0.0.1", emulator.port, timeout=30)
    try:
        connection.request("POST", "/_ministack/config", json.dumps({SWITCH: str(is_on).lower()}))
        answer = json.loads(connection.getresponse().read())
    finally:
        connection.close()
    if SWITCH not in answer.get("applied", {}):
        raise Failure(f"the emulator does not record calls: {answer}")
