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
    tree = Tree()
    try:
        tree.parser.Parse(text, True)
    except expat.ExpatError:
        raise RefusedCallbackError("malformed") from None
    root = tree.root.get("xml")
    if not isinstance(root, dict):
        raise RefusedCallbackError("malformed")
    return root


class Tree:
    """What the parser has seen so far: the elements that are still open, and the finished root."""

    def __init__(self) -> None:
        self.root: Element = {}
        self.open: list[Element] = [self.root]
        self.texts: list[list[str]] = [[]]
        self.nodes = 0
        self.parser = expat.ParserCreate("utf-8")
        self.parser.StartElementHandler = self.start
        self.parser.EndElementHandler = self.end
        self.parser.CharacterDataHandler = self.text
        self.parser.StartDoctypeDeclHandler = refuse_dtd
        self.parser.EntityDeclHandler = refuse_dtd
        self.parser.ExternalEntityRefHandler = refuse_dtd

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """Open an element."""
        self.nodes += 1
        if len(self.open) > MAX_DEPTH or self.nodes > MAX_NODES:
            raise RefusedCallbackError("malformed")
        self.open.append({})
        self.texts.append([])

    def text(self, piece: str) -> None:
        """Collect text, which comes in pieces."""
        self.texts[-1].append(piece)

    def end(self, name: str) -> None:
        """Close an element and hang it into its parent."""
        children, text = self.open.pop(), "".join(self.texts.pop()).strip()
        value, parent = children or text, self.open[-1]
        if name not in parent:
            parent[name] = value
        elif isinstance(parent[name], list):
            parent[name].append(value)
        else:
            parent[name] = [parent[name], value]


def refuse_dtd(*declared: object) -> NoReturn:
    """Refuse a document type or an entity."""
    raise RefusedCallbackError("dtd")
