"""Events as WeChat and integrators send them, and the rows that they become."""

import json
from datetime import UTC, datetime
from typing import Any

from chalicelib.domain.behaviour import Behaviour
from chalicelib.schemas.tracking.reading import behaviour_of, id_of, read_message
from chalicelib.schemas.wechat.event import Origin
from chalicelib.schemas.wechat.events import read_event

NOW = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)
SECOND = "1700000000"
CORP, OTHER_CORP = Origin("main", "wecom", "ww1"), Origin("other", "wecom", "ww2")
FANS, MINI = Origin("fans", "official_account", "wx9"), Origin("mini", "mini_program", "wx8")
SENT_AT = "2026-11-22T09:00:00Z"
Fields = dict[str, Any]


def told(origin: Origin, **fields: Any) -> Behaviour:
    """Return the row of an event of WeChat's; it happened in the one second of these tests unless it says when."""
    return read_event({"MsgType": "event", "CreateTime": SECOND, **fields}, origin, NOW)


def contact(change: str, origin: Origin = CORP, **fields: Any) -> Behaviour:
    """Return the row of what happened between a staff member and a customer."""
    event = {"Event": "change_external_contact", "FromUserName": "sys", "ChangeType": change}
    return told(origin, **{**event, "UserID": "li", "ExternalUserID": "wm1", **fields})


def tag(change: str, kind: str = "tag", origin: Origin = CORP, **fields: Any) -> Behaviour:
    """Return the row of a change of a corp tag, or of a group of them."""
    event = {"Event": "change_external_tag", "FromUserName": "sys", "ChangeType": change, "Id": "t1", "TagType": kind}
    return told(origin, **{**event, **fields})


def chat(change: str, origin: Origin = CORP, **fields: Any) -> Behaviour:
    """Return the row of a change of a customer group."""
    event = {"Event": "change_external_chat", "FromUserName": "sys", "ChangeType": change, "ChatId": "g1"}
    return told(origin, **{**event, **fields})


def link(change: str, **fields: Any) -> Behaviour:
    """Return the row of something about an acquisition link."""
    return told(CORP, **{"Event": "customer_acquisition", "FromUserName": "sys", "ChangeType": change, **fields})


def fan(origin: Origin = FANS, **fields: Any) -> Behaviour:
    """Return the row of something that a fan did."""
    return told(origin, **{"FromUserName": "o1", **fields})


def sent(kind: str, source: str = "shop", **fields: Any) -> Behaviour:
    """Return the row of an event of an integrator's; without an id of its own unless it has one."""
    raw = json.loads(json.dumps({"userId": "u1", "timestamp": SENT_AT, **fields}))
    message = read_message(kind, raw, NOW)
    return behaviour_of(message, id_of(message, raw, source), source, message.moment or NOW, NOW)


def track(name: str = "Read", **fields: Any) -> Behaviour:
    """Return the row of a deed that an integrator reports."""
    return sent("track", event=name, **fields)
