"""What a function's code can reach and what its policy allows are the same tables."""

import grimp
import pytest

import app
from tests.unit.guards.template import READS, WRITES, Template

GRAPH = grimp.build_graph("chalicelib")
TABLE_OF = {  # modules of chalicelib.models that keep rows in a table of another name
    "allowances": "pushes",
    "budgets": "catalog",
    "group_sends": "pushes",
    "journey_pauses": "catalog",
    "merges": "customers",
    "playbooks": "catalog",
    "price_books": "catalog",
    "skips": "pushes",
    "write_keys": "catalog",
}
TABLES = {"behaviours", "identities", "customers", "enrolments", "pushes", "catalog", "tokens", "ledger"}


def reached(trigger: str) -> set[str]:
    """Return the tables whose models a trigger's handlers import, however far down."""
    modules = {
        module
        for each in (*app.HANDLERS[trigger], *(app.SELDOM if trigger == "app" else ()))
        for module in GRAPH.find_upstream_modules(f"chalicelib.handlers.{each}")
        if module.startswith("chalicelib.models.")
    }
    names = {module.rsplit(".", 1)[-1] for module in modules}
    return {TABLE_OF.get(name, name) for name in names} & TABLES


@pytest.mark.parametrize("trigger", sorted(app.HANDLERS))
def test_a_policy_names_the_tables_that_the_code_can_reach_and_no_other(template: Template, trigger: str) -> None:
    (function,) = [name for name, body in template.functions.items() if body["Handler"] == f"app.{trigger}"]
    assert template.tables(function, READS | WRITES) == reached(trigger)
