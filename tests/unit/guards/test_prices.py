"""Whatever the template has, its cost while idle is known."""

from decimal import Decimal

from infra.cli.forecast_sources import shipped
from infra.fixed_costs import Idle, fixed_costs
from tests.unit.guards.template import Template


def test_every_resource_is_priced_or_known_to_be_free(template: Template) -> None:
    [book, *_] = shipped("ap-southeast-1")
    lines = list(fixed_costs(template.content["Resources"], book, Idle(Decimal(1), Decimal(1), 0)))

    assert all(one.cost is not None for one in lines)
