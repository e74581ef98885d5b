"""WeChat's XML: elements and text. Nothing else is needed, so nothing else is understood."""

from typing import Any, NoReturn
from xml.parsers import expat

from chalicelib.schemas.wechat.refused import RefusedCallbackError

MAX_DEPTH = 16
MAX_NODES = 5_000

Element = dict[str, Any]


def parse_xml(text: str) -> Element:
    """Return the children of the root `<xml>` by name.

    A leaf is its stripped text, an element with children a dict, and siblings of one name a list; attributes and text
    between elements are dropped. Raises RefusedCallbackError for anything that is not such a document, for a document
    type or an entity, and for more than 16 levels or 5,000 elements.
    """
    if text.count("</") + text.count("/>") > MAX_NODES:
        raise RefusedCallbackError("malformed")
    document: Element = {}
    try:
        parser_into(document).Parse(text, True)
    except expat.ExpatError:
        raise RefusedCallbackError("malformed") from None
    root = document.get("xml")
    if not isinstance(root, dict):
        raise RefusedCallbackError("malformed")
    return root


def parser_into(document: Element) -> expat.XMLParserType:
    """Return a parser that hangs the root into `document`. It runs for every callback, hence functions, not methods."""
    opened: list[Element | None] = [document]  # an element's children; None as long as it has none
    text = ""  # since the last tag: a leaf has no other

    def start(_name: str, _attributes: list[str]) -> None:
        nonlocal text
        if len(opened) > MAX_DEPTH:
            raise RefusedCallbackError("malformed")
        opened.append(None)
        text = ""

    def collect(piece: str) -> None:
        nonlocal text
        text += piece

    def end(name: str) -> None:
        nonlocal text
        value: Element | str = opened.pop() or text.strip()
        text = ""
        parent = opened[-1]
        if parent is None:
            opened[-1] = {name: value}
        else:
            hang(name, value, parent)

    parser = expat.ParserCreate("utf-8")
    parser.buffer_text = parser.ordered_attributes = True
    parser.StartElementHandler, parser.EndElementHandler, parser.CharacterDataHandler = start, end, collect
    parser.StartDoctypeDeclHandler = parser.EntityDeclHandler = parser.ExternalEntityRefHandler = refuse_dtd
    return parser


def hang(name: str, value: Element | str, parent: Element) -> None:
    """Hang an element into its parent; the second of a name makes a list."""
    if name not in parent:
        parent[name] = value
    elif isinstance(parent[name], list):
        parent[name].append(value)
    else:
        parent[name] = [parent[name], value]


def refuse_dtd(*declared: object) -> NoReturn:
    """Refuse a document type or an entity."""
    raise RefusedCallbackError("dtd")
