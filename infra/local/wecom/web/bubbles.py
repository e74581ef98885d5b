"""An inbox as a chat: texts are bubbles, attachments are cards. Nothing is fetched from their hosts."""

from collections.abc import Mapping, Sequence
from typing import Any
from zoneinfo import ZoneInfo

from infra.local.wecom.state.messages import Message
from infra.local.wecom.web.markup import Markup, tag

ZONE = ZoneInfo("Asia/Shanghai")
SOURCES = {
    "welcome": "欢迎语 welcome",
    "group_send": "群发 group-send",
    "service": "客服消息 service message",
}
KINDS = {"image": "图片 Image", "video": "视频 Video", "file": "文件 File"}


def bubbles(messages: Sequence[Message], names: Mapping[str, str]) -> Markup:
    """Return the chat, oldest first; `names` are those of the staff."""
    if not messages:
        return tag("p", "还没有消息。 No messages yet.", cls="card soft")
    return tag("ol", *(_message(each, names.get(each.sender, each.sender)) for each in messages), cls="chat")


def _message(message: Message, sender: str) -> Markup:
    when = message.at.astimezone(ZONE).strftime("%Y-%m-%d %H:%M:%S")
    line = tag("small", f"{sender} · {when} · {SOURCES.get(message.source, message.source)}")
    texts = [tag("div", message.content.text, cls="bubble")] if message.content.text else []
    cards = [_card(each) for each in message.content.attachments]
    if not texts and not cards:
        texts = [tag("div", str(message.raw.get("msgtype", "")), cls="bubble")]
    return tag("li", tag("span", sender[:1], cls="face", aria_hidden="true"), tag("div", line, *texts, *cards))


def _card(attachment: Mapping[str, Any]) -> Markup:
    kind = str(attachment.get("msgtype", ""))
    inner: Mapping[str, Any] = attachment.get(kind) or {}
    if kind == "link":
        return _link(inner)
    if kind == "miniprogram":
        return _miniprogram(inner)
    shown = str(inner.get("media_id") or inner.get("pic_url") or "")
    return tag("div", tag("div", shown, cls="picture"), tag("small", KINDS.get(kind, kind)), cls="attachment")


def _link(link: Mapping[str, Any]) -> Markup:
    url = str(link.get("url", ""))
    title = tag("b", str(link.get("title", "")))
    is_web = url.startswith(("http://", "https://"))
    anchor = tag("a", url, href=url, rel="noreferrer noopener") if is_web else tag("span", url)
    return tag(
        "div",
        title,
        tag("div", str(link.get("desc", "")), cls="soft"),
        anchor,
        tag("small", " 链接 Link"),
        cls="attachment",
    )


def _miniprogram(program: Mapping[str, Any]) -> Markup:
    where = f"{program.get('appid', '')} {program.get('page', '')}"
    picture = tag("div", str(program.get("pic_media_id", "")), cls="picture")
    label = tag("small", f"小程序 Mini-program · {where}")
    return tag("div", tag("b", str(program.get("title", ""))), picture, label, cls="attachment")
