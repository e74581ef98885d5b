"""The festival guide's numbers are what its formulas give."""

from pathlib import Path

import pytest

from chalicelib.domain.push import SEND_LIMIT
from infra import festival_plan
from infra.festival_plan import Capacity, Festival, Plan, clock, plan

GUIDES = [Path(__file__).parents[3] / "docs" / "guide" / name for name in ("festival.md", "festival.zh-CN.md")]
MILLION = Festival(customers=1_000_000, staff=5_000)
CAPACITIES = {
    "A": Capacity(),
    "B": Capacity(steps_at_once=100, sends_at_once=20),
    "C": Capacity(fired=3_000, steps_at_once=200, sends_at_once=20),
    "D": Capacity(created=250, fired=500, steps_at_once=40, sends_at_once=20),
}


def row(name: str, capacity: Capacity, found: Plan) -> str:
    """Return a row of the guide's table."""
    cells = [
        name, f"{capacity.fired:,}", str(capacity.steps_at_once), str(capacity.sends_at_once), clock(found.creating),
        clock(found.firing), clock(found.running), clock(found.sending), f"**{clock(found.last_task)}**",
        f"{found.writes_a_second:,}",
    ]  # fmt: skip
    return "| " + " | ".join(cells) + " |"


@pytest.mark.parametrize("guide", GUIDES, ids=lambda path: path.name)
@pytest.mark.parametrize("name", CAPACITIES)
def test_the_guides_table_is_what_the_formulas_give(guide: Path, name: str) -> None:
    assert row(name, CAPACITIES[name], plan(MILLION, CAPACITIES[name])) in guide.read_text()


def test_one_task_takes_ten_thousand_customers_of_one_staff_member_and_content() -> None:
    assert festival_plan.SEND_LIMIT == SEND_LIMIT
    assert plan(Festival(200_000, 1_000), Capacity()).group_sends == 1_000
    assert plan(Festival(200_000, 1_000, contents=2), Capacity()).group_sends == 2_000
    assert plan(Festival(30_001, 1), Capacity()).group_sends == 4


def test_what_fires_faster_than_it_runs_waits_in_the_queue() -> None:
    slow = plan(MILLION, Capacity(steps_at_once=10))
    assert slow.last_task - slow.running == plan(MILLION, Capacity()).last_task - plan(MILLION, Capacity()).running
    assert plan(MILLION, Capacity(steps_at_once=1_000)).last_task == slow.last_task - slow.running + slow.firing
