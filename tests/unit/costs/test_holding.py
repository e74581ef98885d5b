from datetime import UTC, datetime
from typing import Any

import pytest

from chalicelib.domain.costs.budget import Budget
from chalicelib.domain.costs.period import Period, month_called, month_of
from chalicelib.domain.journey_pause import JourneyPause, held
from chalicelib.domain.playbook.journeys import Step
from chalicelib.domain.pricing.entries import Address
from chalicelib.domain.pricing.line import UNATTRIBUTED
from chalicelib.domain.pricing.months import month_entries, months_among
from chalicelib.domain.steps import Skip, Wait
from chalicelib.metering.keys import key_of
from tests.unit.costs.ledger import CARE, TEA, line

SINCE, UNTIL = datetime(2026, 11, 22, 10, tzinfo=UTC), datetime(2026, 12, 1, tzinfo=UTC)
PAUSE = JourneyPause(journey="consultation/tea", month="2026-11", since=SINCE, until=UNTIL)


@pytest.mark.parametrize(("timing", "fate"), [
    ({"day": 2, "at": "18:00"}, Wait(UNTIL, "budget")),
    ({"after": "2h"}, Wait(UNTIL, "budget")),
    ({"after": "2h", "late": "skip"}, Skip("budget")),
    ({"on": "12-22", "at": "18:00"}, Skip("budget")),
])
def test_a_step_waits_for_the_pauses_end_unless_it_is_of_no_use_then(timing: dict[str, Any], fate: Wait | Skip) -> None:
    assert held(Step.model_validate({"id": "s", "content": "hi", **timing}), PAUSE) == fate


@pytest.mark.parametrize(("now", "holds"), [
    (SINCE, True),
    (datetime(2026, 11, 30, 23, 59, 59, tzinfo=UTC), True),
    (UNTIL, False),
])
def test_a_pause_holds_to_the_end_of_its_month(now: datetime, holds: bool) -> None:
    assert PAUSE.holds(now) == holds
    assert not PAUSE.model_copy(update={"lifted_at": SINCE}).holds(now)


@pytest.mark.parametrize(("spent", "level"), [
    (0, None), (799, None), (800, "BudgetNear"), (999, "BudgetNear"),
    (1000, "BudgetExceeded"), (9000, "BudgetExceeded"),
])
def test_a_budget_is_near_from_80_percent_on_and_exceeded_from_100(spent: int, level: str | None) -> None:
    assert Budget(journey="consultation/tea", amount=1000).level(spent) == level


def test_a_journeys_month_is_the_sum_of_its_lines_whatever_its_name() -> None:
    odd = key_of(journey="回访/老\n客%0A")
    lines = [line(wru=5), line(key=CARE, wru=7), line(rru=2), line(wru=1), line(key=odd, wru=9)]
    others = [line(key=UNATTRIBUTED, wru=100), line(key=key_of(account="a"), wru=100)]

    found = month_entries(zip((3, 3, 3, 4, 4, 3, 3), [*lines, *others], strict=True))
    paid = dict.fromkeys(months_among(found), 0)
    for address, entry in found.items():
        [place] = months_among([address])
        paid[place] += entry.numbers["paid"]
    assert paid == {
        ("2026-11", dict(TEA)["journey"]): 8,
        ("2026-11", dict(CARE)["journey"]): 7,
        ("2026-11", "回访/老\n客%0A"): 9,
    }
    assert all(Address.read(str(address)) == address for address in found)


def test_day_lines_are_no_months() -> None:
    others = [Address("day/2026-11-01/0", "Tag|b|||||"), Address("duplicates/2026-11-01/0", "event")]

    assert months_among(others) == set()


@pytest.mark.parametrize(("month", "days"), [("2026-02", 28), ("2028-02", 29), ("2026-11", 30), ("2026-12", 31)])
def test_a_month_has_its_days(month: str, days: int) -> None:
    period = month_called(month)

    assert len(list(period.days)) == days
    assert (month_of(period.begins_at), period.begins_at.day) == (month, 1)
    assert period.begins_at in period
    assert period.ends_at not in period


@pytest.mark.parametrize("text", ["2026", "2026-13", "2026-1", "november", "2026-11-01", ""])
def test_what_is_no_month_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is no month: write year and month"):
        month_called(text)


def test_a_period_does_not_run_backwards() -> None:
    with pytest.raises(ValueError, match="give the earlier day first"):
        Period(UNTIL.date(), SINCE.date())
