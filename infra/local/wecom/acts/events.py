"""Events as the platform writes them: XML whose texts are CDATA and whose numbers are bare."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Union

Value = Union[str, int, "Sequence[Part]"]
Part = tuple[str, Value]

NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True)
class Event:
    """One event of a corp, for each of its apps; of one account only when `account` names it."""

    corp_id: str
    xml: str
    account: str = ""


def xml_of(parts: Sequence[Part]) -> str:
    """Return the parts as one `<xml>` document; characters that XML cannot hold are left out."""
    return f"<xml>{_inner(parts)}</xml>"


def corp_event(corp_id: str, event: str, now: datetime, parts: Sequence[Part]) -> Event:
    """Return an event of the system about a corp's customers, groups or tags."""
    return Event(corp_id, xml_of([*_head(corp_id, "sys", now), ("Event", event), *parts]))


def staff_event(corp_id: str, account: str, userid: str, event: str, now: datetime, parts: Sequence[Part]) -> Event:
    """Return what a staff member did in one app."""
    return Event(corp_id, xml_of([*_head(corp_id, userid, now), ("Event", event), *parts]), account)


def fan_event(appid: str, account: str, openid: str, event: str, now: datetime, parts: Sequence[Part] = ()) -> Event:
    """Return what a fan did with an Official Account."""
    return Event(appid, xml_of([*_head(f"gh_{appid}", openid, now), ("Event", event), *parts]), account)


def fan_text(appid: str, account: str, openid: str, text: str, msgid: int, now: datetime) -> Event:
    """Return a text that a fan wrote to an Official Account."""
    head = _head(f"gh_{appid}", openid, now, "text")
    return Event(appid, xml_of([*head, ("Content", text), ("MsgId", msgid)]), account)


def _head(to: str, sender: str, now: datetime, kind: str = "event") -> list[Part]:
    return [("ToUserName", to), ("FromUserName", sender), ("CreateTime", int(now.timestamp())), ("MsgType", kind)]


def _inner(parts: Sequence[Part]) -> str:
    return "".join(f"<{name}>{_value(value)}</{name}>" for name, value in parts)


def _value(value: Value) -> str:
    if isinstance(value, int):
        return str(value)
    if isinstance(value, str):
        safe = NOT_XML.sub("", value).replace("]]>", "]]]]><![CDATA[>")
        return f"<![CDATA[{safe}]]>"
    return _inner(value)
