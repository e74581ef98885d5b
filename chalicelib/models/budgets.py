"""Budgets in the catalog, a row a journey, and what the ledger says has been spent."""

from chalicelib.domain.costs.budget import Budget
from chalicelib.domain.pricing.months import PAID, month_period
from chalicelib.models.catalog import CatalogRow
from chalicelib.models.ledger import items_of

KIND = "budget"


def budgets() -> list[Budget]:
    """Return all budgets by journey, strongly consistent."""
    return [Budget.model_validate_json(document) for _, document in CatalogRow.of_kind(KIND)]


def budget_of(journey: str) -> Budget | None:
    """Return a journey's budget, strongly consistent; None when it has none."""
    document = CatalogRow.fetch(KIND, journey)
    return Budget.model_validate_json(document) if document else None


def store(budget: Budget) -> None:
    """Write a journey's budget in place of the one it had."""
    CatalogRow.put(KIND, budget.journey, budget.model_dump_json())


def remove(journey: str) -> None:
    """Delete a journey's budget; that it has none is no error."""
    CatalogRow(kind=KIND, id=journey).delete()


def spent(month: str, journey: str) -> int:
    """Return what a journey cost in a month (`2026-11`, UTC) so far, in atto, strongly consistent: one query."""
    return sum(int(item[PAID]["N"]) for item in items_of(month_period(month, journey)) if PAID in item)
