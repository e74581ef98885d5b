"""What an audit says is told as it is: a package that could not be asked about is not one that is good."""

import json

import pytest

from infra.check_dependencies import PERMISSIVE, Audit, read_audit, strict_licences

FOUND = {"id": "GHSA-1", "fix_versions": ["2.0"], "aliases": [], "description": ""}


def test_each_vulnerability_is_a_line_with_its_remedy() -> None:
    told = json.dumps(
        {"dependencies": [{"name": "a", "version": "1.0", "vulns": [FOUND, {**FOUND, "fix_versions": []}]}]}
    )
    assert read_audit(told) == Audit(("a 1.0: GHSA-1, fixed in 2.0", "a 1.0: GHSA-1, fixed in none"), ())


def test_what_was_skipped_is_told_and_what_has_nothing_is_not() -> None:
    told = [{"name": "a", "skip_reason": "not found"}, {"name": "b", "version": "1.0", "vulns": []}]
    assert read_audit(json.dumps({"dependencies": told})) == Audit((), ("a",))


def test_everything_that_is_shipped_may_be_shipped() -> None:
    assert strict_licences() == []


@pytest.mark.parametrize("text", ["AGPL-3.0", "GPL-2.0-only", "LGPL", "none told", "Proprietary"])
def test_a_licence_that_asks_for_more_is_not_taken_for_a_permissive_one(text: str) -> None:
    assert not PERMISSIVE.search(text)
