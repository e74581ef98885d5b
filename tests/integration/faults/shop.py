"""An integrator who sends behaviours, and sends again until they are taken."""

import json
from base64 import b64encode
from dataclasses import dataclass, field
from typing import Any

from chalicelib.services.rotate_write_key import rotate_write_key
from tests.harness.wecom import WecomCloud

ATTEMPTS = 3


@dataclass
class Shop:
    """A shop with a write key. What it cannot tell now it tells later; `told` are the ids that were acknowledged."""

    cloud: WecomCloud
    told: list[str] = field(default_factory=list)
    waiting: list[tuple[str, dict[str, Any]]] = field(default_factory=list)

    def __post_init__(self) -> None:
        key = b64encode(f"{rotate_write_key('shop', self.cloud.now)}:".encode()).decode()
        self.headers = {"Authorization": f"Basic {key}", "Content-Type": "application/json"}

    def tells(self, path: str, body: dict[str, Any]) -> None:
        """Send a call, after those that wait."""
        self.waiting.append((path, body))
        self.repeat()

    def repeat(self) -> None:
        """Send what waits, in order, up to the first call that is not taken."""
        while self.waiting and self.is_taken(*self.waiting[0]):
            events = self.waiting.pop(0)[1]
            self.told += [event["messageId"] for event in events.get("batch", [events])]

    def is_taken(self, path: str, body: dict[str, Any]) -> bool:
        """Whether one of three attempts is answered with less than 500."""
        return any(self.cloud.post(path, json.dumps(body), self.headers).status < 500 for _ in range(ATTEMPTS))


def event(who: str, name: str, /, **more: Any) -> dict[str, Any]:
    """Return what one browser did; `timestamp` and what else a test wants are in `more`."""
    kind = {"type": "page", "name": name} if name.startswith("price") else {"type": "track", "event": name}
    return {**kind, "messageId": f"{who}-{name}-{more.pop('number', 0)}", "anonymousId": f"browser-{who}", **more}


def known_as(who: str) -> dict[str, Any]:
    """Return the context that says which follower this is."""
    link = {"type": "wecom_external_userid", "id": who, "collection": "wwcorp", "encoding": "none"}
    return {"context": {"externalIds": [link]}}


def ordered(who: str, order: str) -> dict[str, Any]:
    """Return that a follower has ordered."""
    return event(who, "Order Completed", number=order, properties={"order_id": order}, **known_as(who))
