"""The running product as a test sees it: what somebody does, and what is then in the tables and on the phones."""

import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from http.client import HTTPConnection
from typing import Any, TypeVar
from urllib.parse import urlencode, urlsplit

from infra.local.demo.scene import ACCOUNT, CORP, Scene
from infra.local.demo.tracking import Tracker
from infra.local.wecom import Account, CallbackDriver, Delivery

Document = dict[str, Any]
STAFF = "staff01"
Found = TypeVar("Found")


@dataclass(frozen=True)
class Cloud:
    """One scene, asked and driven."""

    scene: Scene

    @property
    def tracker(self) -> Tracker:
        """The shop, with its write key."""
        return Tracker(self.scene.outputs.api_url, self.scene.write_key, CORP)

    @property
    def account(self) -> Account:
        """The account as the platform knows it."""
        return self.scene.world.state.account(ACCOUNT)

    def follow(self, customer: str, staff: str = STAFF, name: str = "小王") -> Delivery:
        """Let a customer add a staff member; return how the callback fared."""
        return self.scene.world.follow(staff, customer, name, "store-qr").deliveries[ACCOUNT]

    def leave(self, customer: str, staff: str = STAFF) -> None:
        """Let a customer go again, so that nothing of theirs runs on."""
        self.scene.world.unfollow(staff, customer)

    def event_of(self, customer: str) -> str:
        """Return the clear XML of the last event about a customer."""
        return next(sent.xml for sent in reversed(self.scene.world.emitted) if customer in sent.xml)

    def deliver(self, xml: str) -> Delivery:
        """Deliver an event as the platform does, sealed anew."""
        return CallbackDriver.of(self.account, self.scene.world.now).deliver(xml)

    def ask(
        self, method: str, path: str, body: bytes = b"", headers: dict[str, str] | None = None, **query: str
    ) -> tuple[int, bytes]:
        """Call the API; return the status and the body."""
        place = urlsplit(self.scene.outputs.api_url)
        connection = HTTPConnection(str(place.hostname), place.port, timeout=30)
        try:
            connection.request(method, f"{place.path}{path}?{urlencode(query)}", body, headers or {})
            answer = connection.getresponse()
            return answer.status, answer.read()
        finally:
            connection.close()

    def rows(self, table: str, key: str, value: str) -> list[Document]:
        """Return a partition of a table, strongly consistent: documents where rows hold one."""
        pages = self.scene.emulator.client("dynamodb").get_paginator("query").paginate(
            TableName=f"{self.scene.outputs.stack}-{table}",
            KeyConditionExpression="#k = :v",
            ExpressionAttributeNames={"#k": key},
            ExpressionAttributeValues={":v": {"S": value}},
            ConsistentRead=True,
        )
        items = [item for page in pages for item in page["Items"]]
        return [json.loads(item["document"]["S"]) if "document" in item else item for item in items]

    def behaviours(self, customer: str) -> list[Document]:
        """Return what a WeCom customer did, in order of time."""
        return self.rows("behaviours", "subject", f"wecom:{CORP}:{customer}")

    def names(self, customer: str) -> list[str]:
        """Return the names of what a WeCom customer did."""
        return [row["name"] for row in self.behaviours(customer)]

    def customer(self, customer: str) -> Document:
        """Return the customer's row; an empty one until it exists."""
        tied = self.rows("identities", "identity", f"wecom:{CORP}:{customer}")
        found = self.rows("customers", "customer_id", tied[0]["customer_id"]["S"]) if tied else []
        return found[0] if found else {}

    def enrolments(self, customer: str) -> dict[str, Document]:
        """Return a customer's runs by name."""
        known = self.customer(customer)
        rows = self.rows("enrolments", "customer_id", known["customer_id"]) if known else []
        return {row["run"]: row for row in rows}

    def pushes(self, customer: str) -> list[Document]:
        """Return a customer's pushes but the welcome, oldest first."""
        pages = self.scene.emulator.client("dynamodb").get_paginator("scan").paginate(
            TableName=f"{self.scene.outputs.stack}-pushes"
        )
        rows = [json.loads(item["document"]["S"]) for page in pages for item in page["Items"]]
        mine = [row for row in rows if row.get("external_userid") == customer and row["channel"] == "group_send"]
        return sorted(mine, key=lambda row: str(row["planned_at"]))

    def inbox(self, customer: str, source: str) -> list[str]:
        """Return the texts that landed on a customer's phone by one way: `welcome` or `group_send`."""
        return [message.content.text for message in self.scene.world.inbox(customer) if message.source == source]

    def invocations(self) -> int:
        """Return how many invocations there were."""
        return len(self.scene.emulator.invocations())


def eventually(probe: Callable[[], Found], within: float, every: float = 0.5) -> Found:
    """Return the first true answer of a probe; the last one when time is up."""
    deadline = time.monotonic() + within
    while not (found := probe()) and time.monotonic() < deadline:
        time.sleep(every)
    return found
