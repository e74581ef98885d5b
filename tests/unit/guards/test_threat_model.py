"""docs/threat-model.md: every threat has a mitigation, every mitigation a test, and the test is there."""

import ast
import re
from functools import cache

import pytest

from infra.dependencies import ROOT

PAGE = ROOT / "docs" / "threat-model.md"
TEST = re.compile(r"`(tests/[\w/]+\.py)::(test_\w+)`")
STRIDE = set("STRIDE")


def rows() -> list[list[str]]:
    """Return the table's rows: letter, threat, place, mitigation, proofs."""
    lines = [line for line in PAGE.read_text().splitlines() if re.match(r"\| [A-Z] \|", line)]
    return [[cell.strip() for cell in line.strip("|").split(" | ")] for line in lines]


@cache
def names_in(path: str) -> frozenset[str]:
    """Return the names of a file's tests; none of a file that is not there."""
    file = ROOT / path
    tree = ast.parse(file.read_text()) if file.exists() else ast.Module([], [])
    return frozenset(node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef))


NAMED = sorted({found for row in rows() for found in TEST.findall(row[-1])})


@pytest.mark.parametrize(("path", "name"), NAMED, ids=[name for _, name in NAMED])
def test_a_test_that_proves_a_mitigation_exists(path: str, name: str) -> None:
    assert name in names_in(path)


def test_every_threat_says_where_what_stands_against_it_and_what_proves_that() -> None:
    for row in rows():
        assert len(row) == 5, row
        assert all(row), row
        assert TEST.sub("", row[-1]).strip() == "", row


def test_every_letter_of_stride_is_thought_of() -> None:
    assert {row[0] for row in rows()} == STRIDE
