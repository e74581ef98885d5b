"""What the interface shows of a world."""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import fields
from datetime import timedelta
from typing import Any

from infra.local.wecom.callbacks import Delivery
from infra.local.wecom.errors import SimulatorError
from infra.local.wecom.state.corp import Corp
from infra.local.wecom.state.people import Customer
from infra.local.wecom.world import WecomWorld

View = Callable[[WecomWorld, Mapping[str, str]], Any]
MOST_ROWS = 1000


def stats(world: WecomWorld, query: Mapping[str, str]) -> dict[str, Any]:
    """Count everything that a demo's table shows."""
    tasks_waiting = len(world.waiting())
    with world.lock:
        corps = list(world.state.corps.values())
        sends = [send for corp in corps for send in corp.group_sends.values()]
        relations = [relation for corp in corps for by in corp.by_staff.values() for relation in by.values()]
        messages = [message for corp in corps for inbox in corp.inboxes.values() for message in inbox]
        fates = Counter(
            receiver.fate.name.lower()
            for send in sends
            for receivers in send.receivers.values()
            for receiver in receivers.values()
        )
        return {
            "staff": sum(len(corp.staff) for corp in corps),
            "customers": sum(len(corp.customers) for corp in corps),
            "relations": Counter(str(relation.standing) for relation in relations),
            "messages": Counter(message.source for message in messages),
            "group_sends": len(sends),
            "tasks_waiting": tasks_waiting,
            "tasks_confirmed": sum(len(send.confirmed_at) for send in sends),
            "receivers": fates,
            "calls": Counter(call.path for call in world.state.calls),
            "errcodes": Counter(str(call.errcode) for call in world.state.calls if call.errcode != 0),
            "events": Counter(_fate(each.delivery) for each in world.emitted),
        }


def state(world: WecomWorld, query: Mapping[str, str]) -> dict[str, Any]:
    """Describe accounts (without secrets), staff, tags and groups."""
    with world.lock:
        return {
            "accounts": [
                {"name": each.name, "kind": each.kind, "corp_id": each.corp_id, "callback_url": each.callback_url}
                for each in world.state.accounts.values()
            ],
            "staff": [
                {
                    "corp_id": corp.corp_id,
                    "userid": each.userid,
                    "name": each.name,
                    "customers": len(corp.customers_of(each.userid)),
                }
                for corp in world.state.corps.values()
                for each in corp.staff.values()
            ],
            "tags": {corp.corp_id: list(corp.tags.groups.values()) for corp in world.state.corps.values()},
            "chats": {corp.corp_id: list(corp.chats.values()) for corp in world.state.corps.values()},
        }


def calls(world: WecomWorld, query: Mapping[str, str]) -> dict[str, Any]:
    """Show calls `from` a position on, of one `path` or all, at most `limit`; `next` is where to go on."""
    start, limit = _number(query, "from", 0), _number(query, "limit", MOST_ROWS)
    every, path = world.calls, query.get("path", "")
    end = min(start + limit, len(every))
    return {"calls": [call for call in every[start:end] if path in ("", call.path)], "next": end, "total": len(every)}


def events(world: WecomWorld, query: Mapping[str, str]) -> dict[str, Any]:
    """Show emitted events `from` a position on, at most `limit`."""
    start, limit = _number(query, "from", 0), _number(query, "limit", MOST_ROWS)
    every = list(world.emitted)
    end = min(start + limit, len(every))
    return {"events": every[start:end], "next": end, "total": len(every)}


def waiting(world: WecomWorld, query: Mapping[str, str]) -> list[dict[str, Any]]:
    """List the tasks that staff have not confirmed."""
    return [
        {
            "corp_id": task.corp_id,
            "userid": task.userid,
            "msgid": task.send.msgid,
            "receivers": len(task.send.receivers[task.userid]),
            "text": task.send.content.text,
            "ready_at": task.ready_at,
        }
        for task in world.waiting()
    ]


def customers(world: WecomWorld, query: Mapping[str, str]) -> dict[str, Any]:
    """Find customers by a part of name or id (`q`), 50 a page."""
    found, total = find_customers(world, query.get("q", ""), _number(query, "page", 1))
    return {"customers": found, "total": total}


def rules(world: WecomWorld, query: Mapping[str, str]) -> dict[str, Any]:
    """Show the limits in force; durations in seconds."""
    values = {each.name: getattr(world.rules, each.name) for each in fields(world.rules)}
    return {name: value.total_seconds() if isinstance(value, timedelta) else value for name, value in values.items()}


def find_customers(world: WecomWorld, wanted: str, page: int, size: int = 50) -> tuple[list[dict[str, Any]], int]:
    """Return one page of the matching customers, newest first, and how many match."""
    needle = wanted.strip().casefold()
    with world.lock:
        found = [
            (corp, customer)
            for corp in world.state.corps.values()
            for customer in reversed(corp.customers.values())
            if needle in customer.name.casefold() or needle in customer.external_userid.casefold()
        ]
        shown = found[(max(page, 1) - 1) * size : max(page, 1) * size]
        return [_customer(corp, customer) for corp, customer in shown], len(found)


def _customer(corp: Corp, customer: Customer) -> dict[str, Any]:
    return {
        "corp_id": corp.corp_id,
        "external_userid": customer.external_userid,
        "name": customer.name,
        "messages": len(corp.inboxes.get(customer.external_userid, ())),
        "staff": [
            {"userid": each.userid, "name": corp.staff[each.userid].name, "standing": str(each.standing)}
            for each in corp.by_customer.get(customer.external_userid, {}).values()
        ],
    }


def _fate(delivery: Delivery | None) -> str:
    if delivery is None:
        return "not connected"
    return "accepted" if delivery.is_accepted else f"refused {delivery.status or 'no answer'}"


def _number(query: Mapping[str, str], name: str, default: int) -> int:
    value = query.get(name, str(default))
    if not value.isdecimal():
        raise SimulatorError(f"{name} must be a number")
    return int(value)


def _faults(world: WecomWorld, query: Mapping[str, str]) -> Any:
    return world.faults.queued()


VIEWS: dict[str, View] = {
    "stats": stats,
    "state": state,
    "calls": calls,
    "events": events,
    "waiting": waiting,
    "customers": customers,
    "rules": rules,
    "faults": _faults,
}
