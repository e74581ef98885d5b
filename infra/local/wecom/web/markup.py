"""HTML in which everything is escaped unless it is markup already."""

from collections.abc import Sequence
from html import escape

VOID = ("input", "link", "meta")


class Markup(str):
    """Text that is HTML. Only `tag` and `document` make it."""

    __slots__ = ()


def tag(element: str, /, *inner: str, cls: str = "", **attributes: str | bool) -> Markup:
    """Return an element; `_` in an attribute's name is a hyphen, True an attribute without a value."""
    values: dict[str, str | bool] = {"class": cls, **attributes}
    written = "".join(_attribute(key.replace("_", "-"), value) for key, value in values.items())
    opening = f"<{element}{written}>"
    if element in VOID:
        return Markup(opening)
    return Markup(f"{opening}{''.join(_safe(each) for each in inner)}</{element}>")


def document(title: str, parts: Sequence[Markup]) -> str:
    """Return a whole page."""
    links = (
        tag("a", "首页 Home", href="/"),
        tag("a", "故障 Faults", href="/faults"),
        tag("a", "数据 JSON", href="/_sim/stats"),
    )
    head = tag(
        "head",
        tag("meta", charset="utf-8"),
        tag("meta", name="viewport", content="width=device-width, initial-scale=1"),
        tag("title", title),
        tag("link", rel="stylesheet", href="/style.css"),
    )
    body = tag("body", tag("header", tag("h1", title), *links), tag("main", *parts))
    return f"<!doctype html>{tag('html', head, body, lang='zh-CN')}"


def _attribute(name: str, value: str | bool) -> str:
    if value is True:
        return f" {name}"
    is_left_out = value is False or (name == "class" and not value)
    return "" if is_left_out else f' {name}="{escape(str(value))}"'


def _safe(text: str) -> str:
    return text if isinstance(text, Markup) else escape(text)
