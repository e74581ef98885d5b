from datetime import UTC, datetime
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from chalicelib.domain.costs.forecast import forecast
from chalicelib.domain.costs.units import ENOUGH, Unit, best_of, units_of
from chalicelib.domain.costs.volumes import Plan, Volume, group_sends, volumes
from chalicelib.domain.playbook.playbook import Playbook
from chalicelib.domain.pricing.book import Price, PriceBook
from chalicelib.domain.pricing.booking import Terms
from infra.playbook_file import load
from tests.unit.costs.ledger import line

STARTS = datetime(2026, 11, 22, 1, tzinfo=UTC)  # a Sunday, 09:00 in Shanghai
SHIPPED = Path(__file__).parents[3] / "playbooks" / "consultation.yaml"


def playbook(*steps: dict[str, Any]) -> Playbook:
    """Return a playbook of one journey with one stage."""
    stage = {"id": "new", "name": "new", "intent": "low", "weight": 1, "steps": list(steps)}
    journey = {"id": "tea", "name": "tea", "enter": {"when": {"tag": "x"}}, "stages": [stage]}
    return Playbook.model_validate({"id": "p", "name": "p", "zone": "Asia/Shanghai", "contents": {"hi": "hello"},
                                    "journeys": [journey]})


def one(entering: int = 100, **rest: Any) -> Plan:
    """Return a plan."""
    return Plan(entering=entering, starts=STARTS, **{"staff": 4, **rest})


@pytest.mark.parametrize(("timing", "plan", "runs", "sends"), [
    ({"day": 2, "at": "18:00"}, one(), 100, 4),
    ({"day": 2, "at": "18:00"}, one(over=3), 100, 12),
    ({"day": 40, "at": "18:00"}, one(), 0, 0),
    ({"day": 1, "at": "07:00"}, one(), 100, 4),
    ({"next": "sat", "at": "07:00"}, one(), 100, 4),
    ({"after": "2h"}, one(), 100, 100),
    ({"after": "2h"}, one(entering=100_000), 100_000, 4 * 96),
    ({"after": "40d"}, one(), 0, 0),
    ({"on": "12-22", "at": "18:00"}, one(), 0, 0),
    ({"on": "12-21", "at": "18:00"}, one(), 100, 4),
    ({"on": "2026-02-17", "at": "09:00"}, one(), 100, 0),
    ({"on": "birthday", "at": "09:00"}, one(entering=365), 30, 30),
    ({"on": "birthday", "at": "09:00"}, one(days=3660), 100, 100),
])
def test_a_step_runs_for_whom_it_comes_due_within_the_days(
    timing: dict[str, Any], plan: Plan, runs: int, sends: int
) -> None:
    [found] = volumes(playbook({"id": "s", "content": "hi", **timing}), plan)

    assert found == Volume("tea", "new", "s", runs, sends)


@pytest.mark.parametrize(("runs", "staff", "slots", "sends"), [
    (0, 10, 1, 0), (3, 10, 1, 3), (10_000, 1, 1, 1), (10_001, 1, 1, 2), (200_000, 1_000, 1, 1_000), (40_000, 2, 1, 4),
])
def test_group_sends_are_staff_by_slots_by_tens_of_thousands(runs: int, staff: int, slots: int, sends: int) -> None:
    assert group_sends(runs, staff, slots) == sends


def test_every_step_of_every_journey_is_counted() -> None:
    shipped = load(SHIPPED)

    assert len(list(volumes(shipped, one()))) == len(list(shipped.steps))


def test_a_share_is_for_a_journey_or_a_stage_and_both_multiply() -> None:
    step = {"id": "s", "content": "hi", "day": 2, "at": "18:00"}
    half = one(shares={"tea": Fraction(1, 2), "tea/new": Fraction(1, 3)})

    assert [volume.runs for volume in volumes(playbook(step), half)] == [17]


@pytest.mark.parametrize(("wrong", "says"), [
    ({"entering": 0}, "entering is 0: write a number from 1"),
    ({"days": 0}, "days is 0: write a number from 1 to 3660"),
    ({"over": 31}, "over is 31: write a number from 1 to 30"),
    ({"staff": 101}, "staff is 101: write a number from 1 to 100"),
    ({"behaviours": -1}, "behaviours is -1: write how many"),
    ({"shares": {"tea": Fraction(3, 2)}}, "tea gets 150%: write a share from 0% to 100%"),
])
def test_a_plan_that_makes_no_sense_is_refused_with_what_to_write(wrong: dict[str, Any], says: str) -> None:
    with pytest.raises(ValueError, match=says):
        one(**wrong)


def test_a_share_of_a_stage_that_is_not_there_is_refused_with_those_that_are() -> None:
    with pytest.raises(ValueError, match="tea/nwe: the playbook has tea, tea/new"):
        list(volumes(playbook(), one(shares={"tea/nwe": Fraction(1)})))


BOOK = PriceBook("2026-11-22.1", "us-east-1", "USD", {"dynamodb_writes": Price(Decimal("0.625"), "found")})
UNITS = {
    "received": Unit(1000, {"wru": 1_000_000}),
    "taken in": Unit(1000, {"wru": 2_000_000}),
    "welcome": Unit(10, {"wru": 30_000}),
    "step": Unit(1000, {"wru": 4_000_000, "scheduler_invocations": 1000}),
}


def test_costs_are_volumes_times_units_times_prices() -> None:
    step = {"id": "s", "content": "hi", "day": 2, "at": "18:00"}
    rows = list(forecast(volumes(playbook(step), one()), one(), UNITS, Terms(BOOK, "arm64")))

    a_write = 625 * 10**9  # atto a unit
    assert [(row.step, row.events, row.total // a_write) for row in rows] == [
        ("(following)", 100, 100 * (1 + 2 * 2 + 3)),
        ("(behaviours)", 500, 500 * (1 + 2)),
        ("s", 100, 100 * (4 + 2)),
    ]
    assert rows[2].unpriced == {"scheduler_invocations"}


def test_units_of_history_count_where_it_has_seen_enough_and_else_those_measured() -> None:
    few = units_of([line(function="RunStep", records=ENOUGH - 1, wru=1)], "ledger")
    many = units_of([line(function="RunStep", records=ENOUGH, wru=1), line(function="Deliver", wru=1)], "ledger")

    assert best_of(few, UNITS)["step"] == UNITS["step"]
    assert best_of(many, UNITS)["step"] == Unit(ENOUGH, {"wru": 2}, "ledger")
    assert best_of(many, UNITS)["welcome"] == UNITS["welcome"]


def test_part_of_a_unit_is_rounded_up() -> None:
    assert Unit(3, {"wru": 10}).per(1) == {"wru": 4}
    assert Unit(3, {"wru": 10}).per(3) == {"wru": 10}
    assert Unit(3, {"wru": 10}).per(0) == {"wru": 0}
