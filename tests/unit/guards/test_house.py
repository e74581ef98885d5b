"""The house: what may be imported where, and what is pinned."""

import ast
import re
import sys
from pathlib import Path

import pytest

from infra.dependencies import ROOT

DOMAIN = sorted((ROOT / "chalicelib" / "domain").rglob("*.py"))
CALENDARS: set[str] = set()
FROM_OUTSIDE = {"pydantic", "chalicelib"} | CALENDARS
TOUCHING_THE_WORLD = {"os", "socket", "subprocess", "time", "random", "urllib", "http", "pathlib", "logging"}
PINNED = re.compile(r"[A-Za-z0-9._-]+(\[[a-z0-9,-]+\])?==[^\s=]+")


def imported(path: Path) -> set[str]:
    """Return the top names of everything that a file imports."""
    nodes = list(ast.walk(ast.parse(path.read_text())))
    plain = {alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names}
    return {name.split(".")[0] for name in plain | {str(n.module) for n in nodes if isinstance(n, ast.ImportFrom)}}


@pytest.mark.parametrize("path", DOMAIN, ids=lambda path: path.stem)
def test_the_domain_knows_values_and_rules_and_nothing_of_the_world(path: Path) -> None:
    outside = imported(path) - set(sys.stdlib_module_names)
    assert outside <= FROM_OUTSIDE
    assert not imported(path) & TOUCHING_THE_WORLD


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt"])
def test_every_dependency_is_pinned_exactly_and_comes_from_no_special_place(name: str) -> None:
    lines = [line.split("#")[0].strip() for line in (ROOT / name).read_text().splitlines()]
    packages = [line for line in lines if line and line != "-r requirements.txt"]
    assert [line for line in packages if not PINNED.fullmatch(line)] == []


def test_what_the_functions_carry_needs_nothing_that_is_not_listed() -> None:
    from importlib.metadata import requires, version

    from packaging.requirements import Requirement

    pins = dict(line.split("==") for line in (ROOT / "requirements.txt").read_text().splitlines() if "==" in line)
    names = {re.sub(r"[-_.]+", "-", name).lower() for name in pins}
    for name, pin in pins.items():
        assert version(name) == pin
        needed = [Requirement(each) for each in requires(name) or []]
        wanted = [each.name for each in needed if not each.marker or each.marker.evaluate({"extra": ""})]
        assert {re.sub(r"[-_.]+", "-", each).lower() for each in wanted} <= names
