"""`budget`: what journeys may cost in a month, what is spent of it, and letting one go on that is held."""

from argparse import Namespace
from datetime import UTC, datetime
from typing import Any

from chalicelib.domain.costs.budget import Budget
from chalicelib.domain.costs.money import atto_of, exact, rounded
from chalicelib.domain.costs.period import month_of
from chalicelib.domain.journey_pause import JourneyPause
from chalicelib.domain.pricing.book import currency_of
from chalicelib.models import budgets, journey_pauses
from chalicelib.models.audits import rows_to_read
from chalicelib.services.release_journey import release_journey
from chalicelib.services.set_budget import set_budget
from infra.cli.bars import bar
from infra.cli.connect import Connection
from infra.cli.screen import progress, remark, say, say_json, show_table
from infra.failure import Failure


def run(chosen: Namespace, connection: Connection) -> int:
    """Set, list, remove, resume."""
    actions = {"set": put, "list": show, "remove": remove, "resume": resume}
    actions[chosen.action](chosen, currency_of(connection.region), datetime.now(UTC))
    return 0


def put(chosen: Namespace, currency: str, now: datetime) -> None:
    """Set a budget."""
    try:
        amount = atto_of(chosen.amount)
    except ValueError as error:
        raise Failure(str(error)) from None
    budget = set_budget(chosen.journey, amount, chosen.pause)
    if chosen.json:
        say_json(told(budget, None, currency, now))
    else:
        then = "the journey is held for the rest of the month" if budget.pause else "an alarm tells; nothing is held"
        say(f"{budget.journey} may cost {exact(budget.amount)} {currency} a month (UTC); beyond it {then}")


def show(chosen: Namespace, currency: str, now: datetime) -> None:
    """List the budgets with what is spent of them this month."""
    pauses = {pause.journey: pause for pause in journey_pauses.pauses() if pause.holds(now)}
    found = [told(budget, pauses.get(budget.journey), currency, now) for budget in budgets.budgets()]
    if chosen.json:
        say_json(found)
        return
    heads = ("journey", f"budget ({currency})", f"spent in {month_of(now)}", "of it", "", "then")
    show_table("monthly budgets; a month is UTC's", heads, [cells(one) for one in found])


def told(budget: Budget, pause: JourneyPause | None, currency: str, now: datetime) -> dict[str, Any]:
    """Return a budget for a program."""
    spent = budgets.spent(month_of(now), budget.journey)
    return {
        "journey": budget.journey,
        "budget": exact(budget.amount),
        "currency": currency,
        "month": month_of(now),
        "spent": exact(spent),
        "percent": spent * 100 // budget.amount,
        "pause": budget.pause,
        "held_until": pause.until if pause else None,
    }


def cells(one: dict[str, Any]) -> tuple[str, ...]:
    """Return a budget as a row of the table."""
    then = "hold" if one["pause"] else "tell"
    if one["held_until"]:
        then = f"HELD until {one['held_until']:%Y-%m-%d %H:%M}Z"
    shown = [rounded(atto_of(one[name])) for name in ("budget", "spent")]
    return (one["journey"], *shown, f"{one['percent']} %", bar(one["percent"], 100), then)


def remove(chosen: Namespace, _currency: str, now: datetime) -> None:
    """Take a budget away."""
    journey = called(chosen.journey, [budget.journey for budget in budgets.budgets()], "has no budget")
    budgets.remove(journey)
    pause = journey_pauses.pause_of(journey)
    say_json({"journey": journey, "budget": None}) if chosen.json else say(f"{journey} has no budget any more")
    if pause and pause.holds(now):
        remark(f"it is still held until {pause.until:%Y-%m-%d}: `budget resume {journey}` lets it go on")


def called(name: str, journeys: list[str], lack: str) -> str:
    """Return the journey `consultation/tea`, or `tea` where there is one such. Raises Failure."""
    found = [each for each in journeys if name in (each, each.partition("/")[2])]
    if len(found) != 1:
        raise Failure(f"{name} {lack}: there are {', '.join(found or journeys) or 'none'}")
    return found[0]


def resume(chosen: Namespace, _currency: str, now: datetime) -> None:
    """Let a journey go on."""
    journey = called(chosen.journey, [pause.journey for pause in journey_pauses.pauses()], "was never held")
    with progress("reading runs", rows_to_read(), is_quiet=chosen.json) as seen:
        count = release_journey(journey, now, seen)
    if chosen.json:
        say_json({"journey": journey, "steps_made_due": count})
    else:
        say(f"{journey} goes on; {count} held steps are due now. It is not held again this month")
