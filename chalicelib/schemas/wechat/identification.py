"""What tells one event from another, so that a second delivery is the same row.

WeChat itself names a key, MsgId or else FromUserName and CreateTime; but events of customers come from `sys`, and
CreateTime is whole seconds, so two customers who follow in the same second would be one.
"""

import hashlib
import json
from typing import Any

# What one event has and another of the same second has not. The welcome code is missing on purpose.
TELLING = (
    "AgentID",
    "MsgType",
    "Event",
    "ChangeType",
    "FromUserName",
    "UserID",
    "ExternalUserID",
    "ChatId",
    "Id",
    "TagType",
    "StrategyId",
    "TagId",
    "NewUserID",
    "TaskId",
    "EventKey",
    "UpdateDetail",
    "CurMemVer",
    "LinkId",
    "ChatKey",
    "OpenKfId",
    "ApprovalInfo",
    "BatchJob",
    "MsgID",
    "SubscribeMsgPopupEvent",
    "SubscribeMsgChangeEvent",
    "SubscribeMsgSentEvent",
    "List",
    "CreateTime",
)
VOLATILE = "WelcomeCode"


def id_of(fields: dict[str, Any], receive_id: str) -> str:
    """Return the id of an event that is understood: from its MsgId, else from what tells it from others."""
    if fields.get("MsgId"):
        return hashed(receive_id, "MsgId", str(fields["MsgId"]))
    return hashed(receive_id, *(text_of(fields.get(name)) for name in TELLING))


def id_of_unknown(fields: dict[str, Any], receive_id: str) -> str:
    """Return the id of an event that is not understood: from all of it, as nobody knows what tells it from others."""
    return hashed(receive_id, text_of({name: value for name, value in fields.items() if name != VOLATILE}))


def text_of(value: object) -> str:
    """Return a field as text, the same for a number and its digits: XML has no numbers, JSON may have them."""
    return json.dumps(value, sort_keys=True) if isinstance(value, dict | list) else str(value or "")


def hashed(*parts: str) -> str:
    """Return 32 hexadecimal digits that stand for the parts, in order."""
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()[:32]
