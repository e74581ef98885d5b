"""Watching budgets: after costs were booked, the journeys that they belong to are held against what they may cost."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from functools import lru_cache

from chalicelib.domain.costs.budget import Budget
from chalicelib.domain.costs.money import exact
from chalicelib.models import budgets
from chalicelib.observability import count, logger
from chalicelib.services.hold_journey import hold_journey

FRESH = timedelta(seconds=60)


def watch_budgets(touched: Iterable[tuple[str, str]], now: datetime) -> None:
    """Look at the budgets of journeys whose costs of a month (`2026-11`) were just booked, as (month, journey).

    It keeps nothing: the month's total is read from the ledger, and every look at a total above a mark says so again,
    in the log and as a metric, whose alarm makes one message a day of it. So a look that is repeated does no harm, and
    one that was killed is made up for by the next booking, at the latest by that of the invocation that comes again.
    Holding comes before telling: it is one conditional write, which only the first of many makes.
    """
    for month, journey in sorted(set(touched)):
        budget = known(journey, int(now.timestamp() // FRESH.total_seconds()))
        if budget:
            watch(budget, month, now)


@lru_cache(maxsize=256)
def known(journey: str, interval: int) -> Budget | None:
    """Return a journey's budget, read once an interval."""
    return budgets.budget_of(journey)


def watch(budget: Budget, month: str, now: datetime) -> None:
    """Look at one budget."""
    spent = budgets.spent(month, budget.journey)
    level = budget.level(spent)
    if level is None:
        return
    told = {"journey": budget.journey, "month": month, "spent": exact(spent), "budget": exact(budget.amount)}
    if level == "BudgetExceeded" and budget.pause and hold_journey(budget.journey, month, now):
        logger.warning("a journey is paused: its budget is spent", extra=told)
        count("JourneyPaused")
    logger.warning("a budget is spent" if level == "BudgetExceeded" else "a budget is nearly spent", extra=told)
    count(level)
