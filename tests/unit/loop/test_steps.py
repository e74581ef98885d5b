"""Which step is next, and what is done with one that is due."""

from datetime import datetime, timedelta

import pytest

from chalicelib.domain.customer import Consent
from chalicelib.domain.playbook.playbook import Playbook
from chalicelib.domain.steps import Send, Skip, Wait, decide, next_step
from tests.unit.loop.world import DRAFT, NOON, PLAYBOOK, customer, enrolment

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
NEW = PLAYBOOK.journeys[0].stages[0]
NUDGE, DAY_2, BIRTHDAY = NEW.steps
TWO = NOON + 2 * HOUR


def at(text: str) -> datetime:
    return datetime.fromisoformat(f"{text}+08:00")


def test_steps_come_in_the_order_of_their_times_and_none_twice():
    who = customer(profile={"birthday": "11-25"})
    first = next_step(NEW, enrolment(), who, PLAYBOOK)
    second = next_step(NEW, enrolment(done=("nudge",)), who, PLAYBOOK)
    third = next_step(NEW, enrolment(done=("nudge", "day2")), who, PLAYBOOK)
    assert first == ("nudge", TWO)
    assert second == ("day2", at("2026-11-23T20:30"))
    assert third == ("birthday", at("2026-11-25T09:00"))
    assert next_step(NEW, enrolment(done=("nudge", "day2", "birthday")), who, PLAYBOOK) is None


def test_a_step_whose_date_is_missing_comes_last_and_then_leaves_its_reason():
    assert next_step(NEW, enrolment(), customer(), PLAYBOOK) == ("nudge", TWO)
    late = enrolment(done=("nudge", "day2"), since=NOON + DAY)
    assert next_step(NEW, late, customer(), PLAYBOOK) == ("birthday", NOON + DAY)
    assert decide(BIRTHDAY, late, customer(), PLAYBOOK, None, NOON + DAY) == Skip("no_date")


def test_a_due_step_is_sent():
    assert decide(NUDGE, enrolment(), customer(), PLAYBOOK, None, TWO) == Send()


@pytest.mark.parametrize(
    ("who", "reason"),
    [
        (customer(paused=True), "paused"),
        (customer(relations={}), "not_friend"),
        (customer(consent=Consent(granted=False, at=NOON, because="x")), "no_consent"),
        (customer("replied"), "unless"),
    ],
)
def test_what_speaks_against_a_push_is_its_reason(who, reason):
    assert decide(NUDGE, enrolment(), who, PLAYBOOK, None, TWO) == Skip(reason)


def test_where_consent_must_be_explicit_silence_is_not_consent():
    strict = Playbook.model_validate({**DRAFT, "consent": "explicit"})
    assert decide(NUDGE, enrolment(), customer(), strict, None, TWO) == Skip("no_consent")


def test_in_quiet_hours_a_step_waits_for_their_end():
    found = decide(NUDGE, enrolment(), customer(), PLAYBOOK, None, at("2026-11-22T22:30"))
    assert found == Wait(at("2026-11-23T07:00"), "quiet_hours")
    assert decide(NUDGE, enrolment(), customer(), PLAYBOOK, None, at("2026-11-23T07:00")) == Send()


def test_a_step_that_would_rather_not_be_late_is_skipped_instead():
    eager = NUDGE.model_copy(update={"late": "skip"})
    assert decide(eager, enrolment(), customer(), PLAYBOOK, None, at("2026-11-22T22:30")) == Skip("late")
    soon = enrolment(due_at=at("2026-11-22T22:29"))
    assert decide(eager, soon, customer(), PLAYBOOK, None, at("2026-11-22T22:30")) == Skip("quiet_hours")


def test_a_birthday_wish_found_two_days_later_is_not_sent():
    who = customer(profile={"birthday": "11-25"})
    due = enrolment(step="birthday", due_at=at("2026-11-25T09:00"))
    assert decide(BIRTHDAY, due, who, PLAYBOOK, None, at("2026-11-25T10:00")) == Send()
    assert decide(BIRTHDAY, due, who, PLAYBOOK, None, at("2026-11-27T09:00")) == Skip("late")


def test_a_birthday_that_was_corrected_meanwhile_is_waited_for():
    who = customer(profile={"birthday": "12-24"})
    due = enrolment(step="birthday", due_at=at("2026-11-25T09:00"))
    found = decide(BIRTHDAY, due, who, PLAYBOOK, None, at("2026-11-25T09:00"))
    assert found == Wait(at("2026-12-24T09:00"), "date_moved")


def test_a_step_found_late_is_still_run_when_its_hours_are_open():
    assert decide(DAY_2, enrolment(), customer(), PLAYBOOK, None, at("2026-11-24T12:00")) == Send()


def test_a_cap_is_a_reason():
    assert decide(NUDGE, enrolment(), customer(), PLAYBOOK, "cap_day", TWO) == Skip("cap_day")
