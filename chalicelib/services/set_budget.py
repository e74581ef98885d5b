"""Setting what a journey may cost in a month."""

from chalicelib.domain.costs.budget import Budget
from chalicelib.errors import PermanentError
from chalicelib.models import budgets
from chalicelib.models.playbooks import live_versions, published
from chalicelib.services.charge import journey_key


def set_budget(name: str, amount: int, pause: bool) -> Budget:
    """Store a journey's monthly budget (atto) in place of the one it had; functions see it within a minute.

    Raises PermanentError for a journey that no live playbook has, and for an amount that nothing can stay below.
    """
    if amount <= 0:
        raise PermanentError("a budget is more than 0: to stop a journey, publish the playbook without it")
    budget = Budget(journey=journey_called(name), amount=amount, pause=pause)
    budgets.store(budget)
    return budget


def journey_called(name: str) -> str:
    """Return the journey `consultation/tea`, or `tea` where only one playbook has one. Raises PermanentError."""
    live = [published(*version) for version in live_versions()]
    journeys = [journey_key(book.id, journey.id) for book in live for journey in book.journeys]
    found = [each for each in journeys if name in (each, each.partition("/")[2])]
    if len(found) != 1:
        choices = ", ".join(found or journeys) or "none: publish a playbook first"
        raise PermanentError(f"{name} is {'more than one' if found else 'no'} journey of a live playbook: {choices}")
    return found[0]
