"""A journey's budget: told when it is nearly spent, held when it is, and let go on."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from chalicelib.domain.costs.budget import Budget
from chalicelib.domain.costs.money import atto_of
from chalicelib.domain.pricing.months import months_among
from chalicelib.errors import PermanentError
from chalicelib.models import budgets, journey_pauses
from chalicelib.observability import metrics
from chalicelib.services.book_usage import Booked
from chalicelib.services.hold_journey import hold_journey, pause_holding
from chalicelib.services.publish_playbook import publish_playbook
from chalicelib.services.set_budget import set_budget
from chalicelib.services.watch_budgets import watch_budgets
from infra.playbook_file import load
from tests.integration.costs.spending import forget, spent

TEA = "consultation/tea"
ON_TEA = {"journey": TEA}
NOVEMBER, DECEMBER = "2026-11", datetime(2026, 12, 1, tzinfo=UTC)
PLAYBOOK = Path(__file__).parents[3] / "playbooks" / "consultation.yaml"


def budgeted(amount: str, pause: bool = False) -> None:
    """Give tea a budget; a minute passes."""
    budgets.store(Budget(journey=TEA, amount=atto_of(amount), pause=pause))
    forget()


def watched(booked: Booked | Iterable[tuple[str, str]], now: datetime) -> dict[str, int]:
    """Return what the metrics count when what was booked is watched."""
    metrics.clear_metrics()
    watch_budgets(months_among(booked.touched) if isinstance(booked, Booked) else booked, now)
    counted = {name: len(found["Value"]) for name, found in metrics.metric_set.items()}
    metrics.clear_metrics()
    return counted


@pytest.mark.parametrize(("writes", "counted"), [
    (700_000, {}), (900_000, {"BudgetNear": 1}), (1_100_000, {"BudgetExceeded": 1}),
])
def test_a_budget_is_told_from_80_and_from_100_percent_on(
    tables: datetime, writes: int, counted: dict[str, int]
) -> None:
    budgeted("0.71")

    assert watched(spent(tables, writes, ON_TEA), tables) == counted


def test_the_month_is_that_of_the_report_and_others_do_not_count(tables: datetime) -> None:
    budgeted("0.71")
    spent(tables - timedelta(days=30), 2_000_000, ON_TEA)
    spent(tables, 2_000_000, {"journey": "consultation/care"})

    assert watched(spent(tables, 1000, ON_TEA), tables) == {}
    assert budgets.spent("2026-10", TEA) > budgets.spent(NOVEMBER, TEA) > 0


def test_a_journeys_month_is_what_its_day_lines_sum_to(tables: datetime) -> None:
    from chalicelib.models.ledger import lines_of

    for hours in range(0, 72, 7):
        spent(tables + timedelta(hours=hours), 1000 + hours, {**ON_TEA, "staff": f"s{hours % 3}"}, billed_ms=hours)

    days = [(tables + timedelta(days=number)).date() for number in range(4)]
    assert budgets.spent(NOVEMBER, TEA) == sum(line.total for day in days for line in lines_of(day))


def test_without_the_wish_to_pause_nothing_is_held(tables: datetime) -> None:
    budgeted("0.01")
    watched(spent(tables, 100_000, ON_TEA), tables)

    assert pause_holding(TEA, tables) is None


def test_a_spent_budget_holds_the_journey_once_to_the_end_of_the_month(tables: datetime) -> None:
    budgeted("0.01", pause=True)
    booked = spent(tables, 100_000, ON_TEA)

    assert watched(booked, tables) == {"JourneyPaused": 1, "BudgetExceeded": 1}
    assert watched(booked, tables) == {"BudgetExceeded": 1}
    pause = pause_holding(TEA, tables)
    assert pause is not None
    assert (pause.since, pause.until) == (tables, DECEMBER)
    forget()
    assert pause_holding(TEA, DECEMBER) is None


def test_late_costs_of_a_month_that_is_over_hold_nothing(tables: datetime) -> None:
    assert hold_journey(TEA, "2026-10", tables) is False
    assert journey_pauses.pauses() == []


def test_a_lifted_pause_is_not_made_again_in_its_month_but_in_the_next(tables: datetime) -> None:
    hold_journey(TEA, NOVEMBER, tables)
    pause = journey_pauses.pause_of(TEA)
    assert pause is not None
    journey_pauses.store(pause.model_copy(update={"lifted_at": tables}), pause)

    assert hold_journey(TEA, NOVEMBER, tables) is False
    assert pause_holding(TEA, tables) is None
    assert hold_journey(TEA, "2026-12", DECEMBER + timedelta(days=3)) is True


def test_of_two_that_hold_at_once_one_does(tables: datetime) -> None:
    assert [hold_journey(TEA, NOVEMBER, tables) for _ in range(2)] == [True, False]


def test_a_function_that_knows_of_no_pause_looks_again_after_a_minute(tables: datetime) -> None:
    assert pause_holding(TEA, tables) is None
    hold_journey(TEA, NOVEMBER, tables)

    assert pause_holding(TEA, tables) is None
    assert pause_holding(TEA, tables + timedelta(minutes=1)) is not None


def test_a_budget_is_for_a_journey_that_there_is(tables: datetime) -> None:
    publish_playbook(load(PLAYBOOK))

    assert set_budget("birthday", atto_of("500"), pause=True).journey == "consultation/birthday"
    assert [one.journey for one in budgets.budgets()] == ["consultation/birthday"]
    with pytest.raises(PermanentError, match="tea is no journey of a live playbook: consultation/consultation"):
        set_budget("tea", atto_of("500"), pause=False)
    with pytest.raises(PermanentError, match="a budget is more than 0"):
        set_budget("birthday", 0, pause=False)
