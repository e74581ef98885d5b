from datetime import UTC, datetime, timedelta

import pytest

from chalicelib.domain import effects
from chalicelib.domain.costs.outcomes import REPLIES, WITHIN, Event, Outcome, counted, credited, replies
from chalicelib.metering.keys import key_of
from tests.unit.costs.ledger import CARE, TEA

NOON = datetime(2026, 11, 1, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


def delivered(customer: str = "c1", at: datetime = NOON, journey: str = "tea") -> Event:
    """Return a delivery."""
    return Event(customer, journey, at, TEA if journey == "tea" else CARE)


def answers(deliveries: list[Event], *messages: tuple[str, datetime]) -> list[tuple[str, datetime]]:
    """Return the journeys and instants of the replies."""
    return sorted((dict(reply.key)["journey"], reply.at) for reply in replies(deliveries, messages))


@pytest.mark.parametrize(("after", "is_reply"), [
    (timedelta(0), True),
    (HOUR, True),
    (WITHIN, True),
    (WITHIN + timedelta(microseconds=1), False),
    (-HOUR, False),
])
def test_a_message_within_72_hours_after_a_delivery_is_a_reply(after: timedelta, is_reply: bool) -> None:
    assert bool(answers([delivered()], ("c1", NOON + after))) == is_reply


def test_a_reply_belongs_to_the_last_delivery_before_it() -> None:
    both = [delivered(at=NOON), delivered(at=NOON + HOUR, journey="care")]

    assert answers(both, ("c1", NOON + HOUR / 2)) == [("consultation/tea", NOON + HOUR / 2)]
    assert answers(both, ("c1", NOON + 2 * HOUR)) == [("consultation/care", NOON + 2 * HOUR)]


def test_several_messages_after_one_delivery_are_one_reply_at_the_first_of_them() -> None:
    messages = [("c1", NOON + hours * HOUR) for hours in (5, 2, 9)]

    assert answers([delivered()], *messages) == [("consultation/tea", NOON + 2 * HOUR)]


def test_somebody_elses_message_is_no_reply() -> None:
    assert answers([delivered("c1")], ("c2", NOON + HOUR)) == []


def test_what_counts_as_a_reply_is_what_the_customers_row_takes_for_their_words() -> None:
    assert set(REPLIES) == {name for name, effect in effects.EFFECTS.items() if effect is effects.spoken}


def test_a_customer_is_reached_once_in_a_row_and_once_in_all() -> None:
    events: dict[Outcome, list[Event]] = {
        "delivered": [delivered(), delivered(at=NOON + HOUR), delivered(journey="care"), delivered("c2")]
    }

    assert counted(events, "delivered", ("journey",)) == {("consultation/tea",): 3, ("consultation/care",): 1}
    assert counted(events, "reached", ("journey",)) == {("consultation/tea",): 2, ("consultation/care",): 1}
    assert counted(events, "reached", ()) == {(): 2}


def test_outcomes_have_the_days_and_the_names_that_costs_have() -> None:
    event = Event("c1", "", NOON + 13 * HOUR, key_of(account="shop"))

    assert event.keys(("day", "account", "journey")) == ("2026-11-02", "shop", "(shared)")
    assert event.is_among({"account": frozenset({"shop"})})
    assert not event.is_among({"journey": frozenset({"consultation/tea"})})


def test_a_goal_is_credited_to_the_last_push_before_it_or_to_its_journey_alone() -> None:
    goal = Event("c1", "tea", NOON, key_of(journey="consultation/tea"))

    assert credited(goal, delivered()).keys(("journey", "step", "staff")) == ("consultation/tea", "d2", "li")
    assert credited(goal, None).keys(("journey", "step", "staff")) == ("consultation/tea", "(shared)", "(shared)")
