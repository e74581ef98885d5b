"""`forecast`: what a playbook will cost, before it is published."""

from argparse import Namespace
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from chalicelib.domain.costs.forecast import Estimate, forecast
from chalicelib.domain.costs.money import exact, rounded
from chalicelib.domain.costs.period import Period
from chalicelib.domain.costs.units import Unit, best_of, units_of
from chalicelib.domain.costs.volumes import Plan, volumes
from chalicelib.domain.playbook.playbook import Playbook
from chalicelib.domain.pricing.booking import Terms
from infra.cli.bars import bar
from infra.cli.connect import Connection
from infra.cli.forecast_sources import history_of, terms_at, terms_of
from infra.cli.measured_units import measured_units
from infra.cli.screen import say, say_json, show_table
from infra.failure import Failure
from infra.playbook_file import load

HISTORY = timedelta(days=30)


@dataclass(frozen=True)
class Forecast:
    """A forecast and everything that it stands on."""

    playbook: Playbook
    plan: Plan
    units: dict[str, Unit]
    terms: Terms
    rows: list[Estimate]

    @property
    def total(self) -> int:
        """The sum in atto."""
        return sum(row.total for row in self.rows)


def run(chosen: Namespace, connection: Connection) -> int:
    """Forecast, or print what one event uses."""
    now = datetime.now(UTC)
    units = units_for(chosen, now)
    if chosen.units:
        show_units(chosen, units)
        return 0
    if not chosen.entering:
        raise Failure("how many customers will follow? write --entering 2000")
    terms = terms_at(chosen.offline, now) if chosen.offline else terms_of(connection, now)
    made = forecast_of(load(chosen.file), chosen, units, terms, now)
    say_json(told(made)) if chosen.json else show(made)
    return 0


def units_for(chosen: Namespace, now: datetime) -> dict[str, Unit]:
    """Return what one event uses: from the ledger of the last 30 days where it has seen enough, else as measured."""
    if chosen.offline:
        return measured_units()
    days = Period((now - HISTORY).date(), now.date())
    return best_of(units_of(history_of(days), f"this ledger, {days}"), measured_units())


def forecast_of(playbook: Playbook, chosen: Namespace, units: dict[str, Unit], terms: Terms, now: datetime) -> Forecast:
    """Return the forecast. Raises Failure for a plan that makes no sense, with what to write."""
    try:
        plan = Plan(
            entering=chosen.entering,
            starts=now,
            days=chosen.days,
            staff=min(chosen.staff, chosen.entering),
            over=chosen.over,
            behaviours=chosen.behaviours,
            shares=dict(chosen.share),
        )
        rows = list(forecast(list(volumes(playbook, plan)), plan, units, terms))
    except ValueError as error:
        raise Failure(str(error)) from None
    return Forecast(playbook, plan, units, terms, rows)


def told(made: Forecast) -> dict[str, Any]:
    """Return a forecast for a program."""
    return {
        "playbook": made.playbook.id,
        "currency": made.terms.book.currency,
        "price_book": made.terms.book.version,
        "region": made.terms.book.region,
        "rows": [row_told(row) for row in made.rows],
        "total": exact(made.total),
        "per_customer": exact(made.total // made.plan.entering),
        "steps": sum(row.events for row in made.rows[2:]),
        "group_sends": sum(row.group_sends for row in made.rows),
        "unpriced": unpriced(made.rows),
        "assumptions": assumptions(made),
    }


def row_told(row: Estimate) -> dict[str, Any]:
    """Return a row for a program."""
    return {
        "journey": row.journey,
        "stage": row.stage,
        "step": row.step,
        "events": row.events,
        "group_sends": row.group_sends,
        "amount": exact(row.total),
        "quantities": dict(row.quantities),
    }


def show(made: Forecast) -> None:
    """Print the table and what it stands on."""
    book, largest = made.terms.book, max(row.total for row in made.rows)
    heads = ("journey", "stage", "step", "runs", "group-sends", book.currency, "")
    rows = [(row.journey, row.stage, row.step, str(row.events), str(row.group_sends), rounded(row.total),
             bar(row.total, largest)) for row in made.rows]
    show_table(f"{made.playbook.id} in {book.region}, price book {book.version}", heads, rows)
    for text in assumptions(made):
        say(f"- {text}")
    if missing := unpriced(made.rows):
        say(f"NOT IN THESE AMOUNTS, for the price book has no price: {', '.join(missing)}")
    each = rounded(made.total // made.plan.entering)
    say(f"total {rounded(made.total)} {book.currency}, {each} a customer", style="bold")


def unpriced(rows: Iterable[Estimate]) -> list[str]:
    """Return the components of which the forecast says nothing."""
    return sorted(frozenset().union(*(row.unpriced for row in rows)))


def assumptions(made: Forecast) -> list[str]:
    """Return what a reader has to know, a line each."""
    plan = made.plan
    given = ", ".join(f"{name} {float(share):.0%}" for name, share in sorted(plan.shares.items())) or "none"
    people = f"{plan.entering} customers follow within {plan.over} days and are written to by {plan.staff} staff"
    bound = "an upper bound: everybody passes every stage from the first day on, conditions hold, no cap is reached"
    return [
        f"{people}; they are watched for {plan.days} days, and each does {plan.behaviours} other things",
        f"{bound} ({made.playbook.caps.month} messages a month to one customer); --share lowers it; given: {given}",
        "dates of the customer's own (birthdays) are taken to be spread evenly over the year",
        *known_from(made.units),
        "list prices, before free tiers, discounts and tax; fixed costs are told by `make price`",
    ]


def known_from(units: dict[str, Unit]) -> list[str]:
    """Return where it is known from what one event uses, a line a source."""
    sources = dict.fromkeys(unit.source for unit in units.values())
    return [
        f"{', '.join(f'{event} ({unit.counted})' for event, unit in units.items() if unit.source == source)}: {source}"
        for source in sources
    ]


def show_units(chosen: Namespace, units: dict[str, Unit]) -> None:
    """Print what 1,000 events use, and how that is known."""
    found = {event: {"per_1000": unit.per(1000), "counted": unit.counted, "source": unit.source}
             for event, unit in units.items()}
    if chosen.json:
        say_json(found)
        return
    names = sorted({name for unit in units.values() for name in unit.quantities})
    rows = [(name, *(str(unit.per(1000).get(name, 0)) for unit in units.values())) for name in names]
    show_table("smallest units that 1,000 events use", ("component", *units), rows)
    for text in known_from(units):
        say(f"- {text}")
