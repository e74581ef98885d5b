"""What `chalice package` lets through with exit code 0: faults of a merged template that one can see without AWS."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

MARKER = "arn:merged-by-template"
NAMED = re.compile(r"\$\{([^!}][^}]*)}")


class TemplateLoader(yaml.CSafeLoader):
    """A YAML loader that knows CloudFormation's short tags."""


def intrinsic(loader: Any, tag: str, node: yaml.Node) -> dict[str, Any]:
    """Turn `!Ref x` into `{"Ref": "x"}`, `!GetAtt a.b` into `{"Fn::GetAtt": ["a", "b"]}`, and so on."""
    if isinstance(node, yaml.ScalarNode):
        value: Any = loader.construct_scalar(node)
        value = value.split(".", 1) if tag == "GetAtt" else value
    elif isinstance(node, yaml.SequenceNode):
        value = loader.construct_sequence(node, deep=True)
    else:
        value = loader.construct_mapping(node, deep=True)
    return {tag if tag in ("Ref", "Condition") else f"Fn::{tag}": value}


TemplateLoader.add_multi_constructor("!", intrinsic)


def load_yaml(path: Path) -> dict[str, Any]:
    """Read a template; short tags become their long form, anchors what they stand for."""
    loaded: dict[str, Any] = yaml.load(path.read_text(), TemplateLoader)  # noqa: S506 - a subclass of the safe loader
    return loaded


def faults(template: dict[str, Any], merged: dict[str, Any]) -> list[str]:
    """Return what is wrong with a packaged template, one sentence each.

    `merged` is the template that was merged into it: each of its resources must have met its twin.
    """
    known = {*template["Resources"], *template.get("Parameters", {})}
    found = [
        f"{name} has no Type: Chalice has no resource of that name"
        for name in merged["Resources"]
        if "Type" not in template["Resources"].get(name, {})
    ]
    for path, node in walk(template, ""):
        found += mixed(path, node) + unknown(path, node, known) + unmerged(path, node)
    return found


def walk(node: Any, path: str) -> Iterator[tuple[str, Any]]:
    """Yield every node of a template with its path."""
    yield path, node
    children = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    for key, child in children:
        yield from walk(child, f"{path}/{key}")


def mixed(path: str, node: Any) -> list[str]:
    """Find an intrinsic with a sibling: Chalice merged into it instead of replacing it."""
    if (
        isinstance(node, dict)
        and len(node) > 1
        and any(str(key) == "Ref" or str(key).startswith("Fn::") for key in node)
    ):
        return [f"{path} is an intrinsic with siblings: {', '.join(map(str, node))}"]
    return []


def unknown(path: str, node: Any, known: set[str]) -> list[str]:
    """Find an Fn::Sub or a Ref that names neither a resource nor a parameter."""
    if not isinstance(node, dict):
        return []
    names = [node["Ref"]] if isinstance(node.get("Ref"), str) else []
    if isinstance(node.get("Fn::Sub"), str):
        names += NAMED.findall(node["Fn::Sub"])
    strangers = [name for name in names if not name.startswith("AWS::") and name.split(".")[0] not in known]
    return [f"{path} names {name}, which is neither a resource nor a parameter" for name in strangers]


def unmerged(path: str, node: Any) -> list[str]:
    """Find app.py's stand-in for a stream or a queue."""
    return [f"{path} is still the stand-in of app.py"] if isinstance(node, str) and MARKER in node else []
