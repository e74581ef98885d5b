import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from chalicelib.domain.enrolment import Enrolment
from chalicelib.domain.push import Push
from chalicelib.models.enrolments import EnrolmentRow
from chalicelib.models.pushes import PushRow
from chalicelib.services.hold_journey import hold_journey
from infra.failure import Failure
from tests.integration.cli.stage import NOW, XIAOLI_ID, Stage
from tests.integration.costs.spending import ledger, spent

Captured = pytest.CaptureFixture[str]
APRIL = datetime(2026, 4, 1, tzinfo=UTC)


@pytest.fixture
def shop(stage: Stage) -> Iterator[Stage]:
    """Return the stack with a ledger and one customer, whose first step waits."""
    with ledger():
        stage.happens("wecom.add_external_contact")
        yield stage


def run_of() -> Enrolment:
    """Return the customer's run."""
    found = EnrolmentRow.fetch(XIAOLI_ID, "tea")
    assert found is not None
    return found


def pushes() -> list[Push]:
    """Return what is planned or skipped for the customer."""
    return list(PushRow.of_customer(XIAOLI_ID))


def told(stage: Stage, capsys: Captured, *argv: str) -> Any:
    """Return what a command says to a program."""
    capsys.readouterr()
    assert stage.run("budget", *argv, "--json") == 0
    return json.loads(capsys.readouterr().out)


def test_a_held_step_waits_for_the_months_end_and_its_reason_is_stored(shop: Stage) -> None:
    hold_journey("tea/tea", "2026-03", NOW)
    shop.step()

    run = run_of()
    assert (run.state, run.step, run.due_at, run.reason) == ("active", "greeting", APRIL, "budget")
    assert pushes() == []
    assert shop.run("accounted") == 0


def test_in_the_new_month_a_held_step_goes_on_by_itself(shop: Stage) -> None:
    hold_journey("tea/tea", "2026-03", NOW)
    shop.step()
    shop.step()

    [push] = pushes()
    assert (push.step, push.state) == ("greeting", "planned")
    assert run_of().step == "evening"


def test_an_operator_lets_a_journey_go_on_and_its_held_steps_are_due(shop: Stage, capsys: Captured) -> None:
    hold_journey("tea/tea", "2026-03", NOW)
    shop.step()
    held = run_of()

    assert told(shop, capsys, "resume", "tea") == {"journey": "tea/tea", "steps_made_due": 1}
    going = run_of()
    assert (going.version, going.superseded, going.reason) == (held.version + 1, held.version, None)
    assert going.due_at is not None
    assert going.due_at - datetime.now(UTC) < timedelta(minutes=1)
    assert told(shop, capsys, "resume", "tea")["steps_made_due"] == 0
    shop.step()
    assert [push.state for push in pushes()] == ["planned"]
    assert hold_journey("tea/tea", "2026-03", NOW) is False


def test_another_journeys_pause_holds_nothing(shop: Stage) -> None:
    hold_journey("tea/coffee", "2026-03", NOW)
    shop.step()

    assert [push.state for push in pushes()] == ["planned"]


def test_budgets_are_set_listed_with_what_is_spent_and_removed(shop: Stage, capsys: Captured) -> None:
    told(shop, capsys, "set", "tea", "0.001", "--month", "--pause")
    spent(NOW, 1000, {"journey": "tea/tea"})
    hold_journey("tea/tea", "2026-03", NOW)

    [budget] = told(shop, capsys, "list")
    assert (budget["journey"], budget["budget"], budget["pause"]) == ("tea/tea", "0.001", True)
    assert 70 < budget["percent"] < 80
    assert budget["held_until"].startswith("2026-04-01")
    capsys.readouterr()
    shop.run("budget", "list")
    assert "HELD until 2026-04-01 00:00Z" in capsys.readouterr().out
    shop.run("budget", "remove", "tea/tea")
    assert "it is still held until 2026-04-01: `budget resume tea/tea` lets it go on" in capsys.readouterr().err
    assert told(shop, capsys, "list") == []


@pytest.mark.parametrize(("argv", "says"), [
    (("set", "coffee", "5"), "coffee is no journey of a live playbook: tea/tea"),
    (("set", "tea", "much"), "'much' is no amount of money"),
    (("set", "tea", "0"), "a budget is more than 0"),
    (("remove", "tea/tea"), "tea/tea has no budget: there are none"),
    (("resume", "tea"), "tea was never held: there are none"),
])
def test_a_budget_without_sense_is_refused(stage: Stage, argv: tuple[str, ...], says: str) -> None:
    with pytest.raises(Failure, match=says):
        stage.run("budget", *argv)
