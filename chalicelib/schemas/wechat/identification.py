"""What tells one event from another, so that a second delivery is the same row.

WeChat itself names a key, MsgId or else FromUserName and CreateTime; but events of customers come from `sys`, and
CreateTime is whole seconds, so two customers who follow in the same second would be one. Nor would any choice of
fields do: what tells two events apart is in another field for every kind of event, so all of them are looked at.
"""

import hashlib
import json
from typing import Any

# Two apps of a corp hear of the same follow, each with a code of its own.
NOT_TELLING = "WelcomeCode"


def id_of(fields: dict[str, Any], receive_id: str) -> str:
    """Return the id of an event that is understood: from its MsgId, else from all of it."""
    if fields.get("MsgId"):
        return hashed(receive_id, "MsgId", str(fields["MsgId"]))
    return id_of_unknown(fields, receive_id)


def id_of_unknown(fields: dict[str, Any], receive_id: str) -> str:
    """Return the id of an event from all of it, whatever its fields mean."""
    telling = {name: value for name, value in fields.items() if name != NOT_TELLING and value not in ("", None)}
    return hashed(receive_id, json.dumps(as_text(telling), sort_keys=True))


def id_of_another(first: str, welcome_code: str | None) -> str:
    """Return the id of an event that is like another of the same second in all but its welcome code."""
    return hashed(first, welcome_code or "")


def as_text(value: object) -> object:
    """Return a value with its numbers as digits: XML has no numbers, JSON may have them."""
    if isinstance(value, dict):
        return {name: as_text(each) for name, each in value.items()}
    return [as_text(each) for each in value] if isinstance(value, list) else str(value)


def hashed(*parts: str) -> str:
    """Return 32 hexadecimal digits that stand for the parts, in order."""
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()[:32]
