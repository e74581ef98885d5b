"""docs/permissions.md is what the roles say: a new grant is a changed line in a file that somebody reviews."""

from typing import Any

from infra.dependencies import ROOT
from infra.permissions import ANY, NEVER, Permissions, page

PAGE = ROOT / "docs" / "permissions.md"
HOW = "run: python -m infra.permissions > docs/permissions.md, and read what changed"


def test_the_page_of_permissions_is_what_the_template_says(packaged: dict[str, Any]) -> None:
    assert PAGE.read_text().splitlines() == list(page(Permissions(packaged["Resources"]))), HOW


def test_what_nobody_needs_is_granted_to_nobody_but_schedule_who_takes_its_own_back(packaged: dict[str, Any]) -> None:
    permissions = Permissions(packaged["Resources"])
    granted = {(name, action) for name in permissions.functions for action, _ in permissions.granted(name)}
    assert {pair for pair in granted if pair[1] in NEVER} == {("Schedule", "scheduler:DeleteSchedule")}


def test_every_granted_resource_is_one_that_is_tried(packaged: dict[str, Any]) -> None:
    permissions = Permissions(packaged["Resources"])
    tried = permissions.tried
    for function in permissions.functions:
        unknown = {pair for pair in permissions.granted(function) - tried if not pair[1].startswith(ANY)}
        assert unknown == set(), "infra/permissions.py does not know this resource: add its type"
