"""A day in the life of two customers, which goes through every function."""

import json
from typing import Any

from tests.harness.wecom import WecomCloud
from tests.integration.loop.story import HOUR, published, said, staffed

CUSTOMERS = ("wm1", "wm2")
SENDS = ("externalcontact/add_msg_template", "externalcontact/send_welcome_msg")
OURS = ("behaviours", "identities", "customers", "enrolments", "pushes")


def play(cloud: WecomCloud) -> None:
    """Follow, ask, order; staff confirm; the results come in."""
    published()
    staffed(cloud, "li")
    cloud.wecom.follow("li", "wm1", "小王", "expo")
    cloud.wecom.follow("li", "wm2", "小李")
    cloud.run_for(HOUR)
    said(cloud, "wm1", "Message Received", text="在吗")
    said(cloud, "wm2", "Order Completed", order_id="A17")
    cloud.run_for(3 * HOUR)
    for _ in range(2):
        said(cloud, "wm1", "page", name="price list")
        cloud.run_for(HOUR / 2)
    cloud.run_for(HOUR)
    cloud.wecom.confirm_all()
    cloud.run_for(80 * HOUR)


def sends(cloud: WecomCloud) -> list[str]:
    """Return every call that sends something, in an order of its own."""
    return sorted(str(call.fingerprint) for call in cloud.wecom.calls if call.path in SENDS)


def inboxes(cloud: WecomCloud) -> dict[str, list[str]]:
    """Return what the customers have received."""
    return {who: [message.content.text for message in cloud.wecom.inbox(who)] for who in CUSTOMERS}


def set_aside(cloud: WecomCloud) -> dict[str, list[Any]]:
    """Return what lies on failure queues."""
    found = {name: cloud.failures(name) for name in cloud.stack.environments if name != "api_handler"}
    return {name: messages for name, messages in found.items() if messages}


def rows(cloud: WecomCloud) -> dict[str, list[Any]]:
    """Return the loop's tables, row by row."""
    return {name: rows for name, rows in cloud.tables().items() if name in OURS}


def fates(cloud: WecomCloud) -> dict[str, Any]:
    """Return what became of everybody, without the moments at which it did: a crash may delay, but not change it."""
    documents = documents_of(cloud)
    pushes = [row for row in documents["pushes"] if "step" in row]
    return {
        "behaviours": lines(documents["behaviours"], "subject", "name", "id"),
        "tags": {row["customer_id"]: sorted(row.get("tags", ())) for row in documents["customers"]},
        "counts": {row["customer_id"]: totals(row) for row in documents["customers"]},
        "runs": lines(documents["enrolments"], "customer_id", "run", "stage", "state", "done"),
        "pushes": lines(pushes, "customer_id", "rule", "state", "reason"),
    }


def documents_of(cloud: WecomCloud) -> dict[str, list[Any]]:
    """Return the documents of the loop's tables; identities have none."""
    found = {name: table for name, table in rows(cloud).items() if name != "identities"}
    return {name: [json.loads(row["document"]) for row in table] for name, table in found.items()}


def totals(customer: dict[str, Any]) -> dict[str, int]:
    """Return a customer's counters."""
    return {name: signal["total"] for name, signal in customer.get("signals", {}).items()}


def lines(found: list[dict[str, Any]], *fields: str) -> list[str]:
    """Return some fields of rows, a line a row, in an order of their own."""
    return sorted(" ".join(str(row.get(field)) for field in fields) for row in found)
