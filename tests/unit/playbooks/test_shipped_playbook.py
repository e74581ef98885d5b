"""The playbook that ships: it loads, says what it should, and carries a customer through hot, cold and hot again."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from chalicelib.domain.behaviour import Behaviour
from chalicelib.domain.customer import Customer
from chalicelib.domain.enrolment import Enrolment
from chalicelib.domain.folding import TIME_PASSED, fold
from chalicelib.domain.journeys import changes
from chalicelib.domain.playbook.checks import problems
from chalicelib.domain.playbook.playbook import Playbook
from infra.playbook_file import load

PLAYBOOK = load(Path("playbooks/consultation.yaml"))
START = datetime(2026, 11, 23, 2, tzinfo=UTC)  # a Monday, 10:00 in Shanghai


def test_it_has_no_problems() -> None:
    assert problems(PLAYBOOK) == []


def test_it_is_the_same_after_being_stored() -> None:
    assert Playbook.model_validate_json(PLAYBOOK.model_dump_json()) == PLAYBOOK


def test_its_consultation_has_four_stages_of_intent_with_seven_or_eight_contents_each() -> None:
    journey = PLAYBOOK.journey("consultation")
    assert journey is not None
    assert [stage.intent for stage in journey.stages] == ["low", "medium", "high", "won"]
    for stage in journey.stages:
        assert len({step.content for step in stage.steps}) in (7, 8)


@pytest.mark.parametrize("slot", ["18:45", "22:00", "12:20"])
def test_every_stage_but_greetings_uses_the_evening_bedtime_and_noon_slots(slot: str) -> None:
    journey = PLAYBOOK.journey("consultation")
    assert journey is not None
    for stage in journey.stages:
        assert slot in {f"{step.at:%H:%M}" for step in stage.steps if step.at}
        assert any(step.next and f"{step.at:%H:%M}" == "07:00" for step in stage.steps)


def test_every_content_is_used_and_no_two_are_alike() -> None:
    used = {step.content for step in PLAYBOOK.steps} | {entry.content for entry in PLAYBOOK.welcome}
    assert used == set(PLAYBOOK.contents)
    assert len({content.text for content in PLAYBOOK.contents.values()}) == len(PLAYBOOK.contents)


def test_a_customer_of_the_livestream_is_greeted_in_its_own_words() -> None:
    assert PLAYBOOK.welcome_for("live-1122") == "welcome-live"
    assert PLAYBOOK.welcome_for(None) == PLAYBOOK.welcome_for("shop-3") == "welcome"


class Life:
    """One customer whom things happen to, and the runs that come of it."""

    def __init__(self) -> None:
        self.customer = Customer(customer_id="c-1")
        self.runs: dict[str, Enrolment] = {}
        self.number = 0

    def happens(self, name: str, days: float, **properties: Any) -> None:
        at = START + timedelta(days=days)
        self.number += 1
        behaviour = Behaviour(
            subject="wecom:ww:wm1",
            occurred_at=at,
            id=str(self.number),
            name=name,
            account="main",
            source="test",
            received_at=at,
            properties=properties,
            staff="li",
        )
        after = fold(self.customer, behaviour, [PLAYBOOK], at).customer
        self.customer = after.model_copy(update={"version": self.customer.version + 1})
        moved = changes(self.customer, list(self.runs.values()), [PLAYBOOK], lambda name, version: PLAYBOOK, at)
        self.runs |= {run.run: run for run in moved}

    def stage(self, run: str = "consultation") -> str:
        return self.runs[run].stage


@pytest.fixture
def life() -> Life:
    """Return the life of a customer who has just followed."""
    life = Life()
    life.happens("wecom.add_external_contact", 0)
    return life


def test_following_begins_the_consultation_and_the_festivals_but_no_birthday_without_a_date(life: Life) -> None:
    assert sorted(life.runs) == ["care", "consultation"]
    assert (life.stage(), life.runs["consultation"].step) == ("new", "nudge")
    assert life.runs["consultation"].due_at == START + timedelta(hours=2)


def test_hot_cools_down_and_heats_up_again(life: Life) -> None:
    life.happens("Link Clicked", 0.5, url="https://example.com/plan/1")
    assert life.stage() == "interested"
    life.happens("Message Received", 0.9, text="想了解")
    assert life.stage() == "interested"
    life.happens("Price Asked", 1)
    assert life.stage() == "keen"
    life.happens("Message Received", 1.1, text="谢谢")
    assert life.stage() == "keen"
    life.happens("Price Asked", 2)
    life.happens(TIME_PASSED, 5, rule="consultation/silent-after-price")
    assert life.stage() == "interested"
    life.happens("Content Read", 6, seconds=20)
    assert life.stage() == "interested"
    life.happens("Call Requested", 7)
    assert life.stage() == "keen"
    life.happens("Order Completed", 8, order_id="A17", revenue=9800)
    assert (life.stage(), life.runs["consultation"].step) == ("won", "aboard")
    assert {"已成交", "订单#A17", "高端会员"} <= set(life.customer.tags)
    life.happens("Price Asked", 9)
    assert life.stage() == "won"


def test_a_customer_who_was_hot_before_is_not_told_the_same_things_twice() -> None:
    journey = PLAYBOOK.journey("consultation")
    assert journey is not None
    returning = [stage for stage in journey.stages if stage.id in ("interested", "keen")]
    again = [[s.id for s in stage.steps if not (s.unless and s.unless.tag == "热过")] for stage in returning]
    assert again == [["check-in"], ["again", "seat"]]


def test_every_appointment_is_a_run_of_its_own_until_something_is_bought(life: Life) -> None:
    life.happens("Appointment Booked", 1, appointment_id="P1")
    life.happens("Appointment Booked", 2, appointment_id="P2")
    assert {run for run in life.runs if run.startswith("appointment")} == {"appointment#P1", "appointment#P2"}
    life.happens("Order Completed", 3, order_id="A1")
    assert {life.runs[f"appointment#P{number}"].reason for number in (1, 2)} == {"bought"}


def test_a_birthday_that_becomes_known_later_is_still_greeted(life: Life) -> None:
    life.happens("identify", 3, traits={"birthday": "1990-02-14"})
    assert life.runs["birthday"].due_at == datetime(2027, 2, 14, 0, 30, tzinfo=UTC)


def test_who_leaves_gets_nothing_more(life: Life) -> None:
    life.happens("wecom.del_follow_user", 1)
    assert {run.reason for run in life.runs.values()} == {"unfollowed"}


def test_the_festivals_of_the_year_come_in_their_order(life: Life) -> None:
    care = life.runs["care"]
    assert (care.step, care.due_at) == ("winter-solstice-2026", datetime(2026, 12, 22, 10, tzinfo=UTC))
