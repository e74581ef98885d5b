"""YAML as people mean it, with the line of everything.

Texts, whole and decimal numbers, true and false, null; nothing else is guessed: 20:30 is a time and not 1230, 02-14 a
date, `on` and `yes` are words. Anchors, aliases and tags are refused, and so are doubled keys and deep nesting.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

import yaml
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

DEPTH = 32
NULL, BOOL, INT, FLOAT = (f"tag:yaml.org,2002:{name}" for name in ("null", "bool", "int", "float"))
SCALARS: Mapping[str, Callable[[str], object]] = {
    NULL: lambda text: None,
    BOOL: lambda text: text.lower() == "true",
    INT: int,
    FLOAT: float,
}


class WrongYamlError(Exception):
    """A text that is not the YAML read here; `line` counts from 1."""

    def __init__(self, line: int, message: str) -> None:
        super().__init__(message)
        self.line = line


class Loader(yaml.SafeLoader):
    """PyYAML's parser with few kinds of values."""


Loader.yaml_implicit_resolvers = {}
Loader.add_implicit_resolver(NULL, re.compile(r"(?:~|null|)\Z"), ["~", "n", ""])
Loader.add_implicit_resolver(BOOL, re.compile(r"(?:true|True|false|False)\Z"), list("tTfF"))
Loader.add_implicit_resolver(INT, re.compile(r"[-+]?(?:0|[1-9][0-9]{0,14})\Z"), list("-+0123456789"))
Loader.add_implicit_resolver(FLOAT, re.compile(r"[-+]?[0-9]{1,15}\.[0-9]{1,15}\Z"), list("-+0123456789"))


def compose(text: str) -> Node:
    """Return the tree of a text. Raises WrongYamlError."""
    try:
        refuse(yaml.parse(text, Loader))
        node = yaml.compose(text, Loader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise WrongYamlError(mark.line + 1 if mark else 1, advice(error)) from error
    except yaml.reader.ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        raise WrongYamlError(line, f"a control character, U+{error.character:04X}: delete it") from error
    if node is None:
        raise WrongYamlError(1, "the file is empty: write a playbook")
    return node


def refuse(events: Iterable[yaml.Event]) -> None:
    """Raise WrongYamlError for what is not read here. Runs before anything is built."""
    depth = 0
    for event in events:
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        reason = f"nested more than {DEPTH} deep: flatten it" if depth > DEPTH else objection(event)
        if reason:
            raise WrongYamlError(event.start_mark.line + 1 if event.start_mark else 1, reason)


def objection(event: yaml.Event) -> str | None:
    """Return what speaks against a piece of notation; None when nothing does."""
    anchor, tag = getattr(event, "anchor", None), getattr(event, "tag", None)
    if isinstance(event, yaml.AliasEvent):
        return f"*{anchor} refers to another place: write the value out"
    if anchor:
        return f"&{anchor} is an anchor: take it out and write values where they belong"
    return f"{tag} is a YAML tag: take it out, or put the text in quotes" if tag else None


def advice(error: yaml.MarkedYAMLError) -> str:
    """Return what is wrong with the notation, and the usual reason for it."""
    problem = error.problem or "broken"
    if r"'\t'" in problem:
        return "a tab: indent with spaces"
    if "another document" in problem:
        return "a second document begins: one file is one playbook, leave out '---'"
    return f"not YAML ({problem}): check indentation, and put texts with ': ', ' #', or a leading sign in quotes"


def plain(node: Node) -> Any:
    """Return the values of a tree. Raises WrongYamlError for a key that is doubled or not a text."""
    if isinstance(node, MappingNode):
        return {key: plain(value) for key, value in entries(node)}
    if isinstance(node, SequenceNode):
        return [plain(item) for item in node.value]
    return SCALARS.get(node.tag, str)(node.value)


def entries(node: MappingNode) -> Iterator[tuple[str, Node]]:
    """Yield the keys, as they are written, and values of a mapping. Raises WrongYamlError."""
    lines: dict[str, int] = {}
    for key, value in node.value:
        line = key.start_mark.line + 1
        if not isinstance(key, ScalarNode):
            raise WrongYamlError(line, "a field's name must be a word")
        if key.value in lines:
            raise WrongYamlError(
                line, f"'{key.value}' was written on line {lines[key.value]} already: keep one of them"
            )
        lines[key.value] = line
        yield key.value, value


def child(node: Node, part: str | int) -> tuple[Node, int] | None:
    """Return what a node holds under a key or number, and the line where that begins; None when nothing is there."""
    if isinstance(node, MappingNode):
        found = ((value, key.start_mark.line + 1) for key, value in node.value if key.value == part)
        return next(found, None)
    if isinstance(node, SequenceNode) and isinstance(part, int) and part < len(node.value):
        return node.value[part], node.value[part].start_mark.line + 1
    return None
