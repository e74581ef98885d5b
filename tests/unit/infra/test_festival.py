"""The festival's cast and script, without an emulator."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from chalicelib.domain.playbook.playbook import Playbook
from chalicelib.domain.timing import due_at
from infra.failure import Failure
from infra.local.festival.crowd import guests_of
from infra.local.festival.playbook import FAR, GIFTS, festival, quarter_after
from infra.local.festival.watch import until

OPENS_AT = datetime(2026, 11, 22, 16, 15, tzinfo=UTC)


def test_guests_are_spread_evenly_over_staff_and_each_of_the_staff_has_both_gifts_for_as_many() -> None:
    guests = guests_of(120, [f"staff{number}" for number in range(10)])
    assert set(Counter((guest.staff, guest.gift) for guest in guests).values()) == {6}
    assert len({guest.external_userid for guest in guests}) == 120


def test_whoever_is_promised_a_gift_is_due_at_the_same_instant_and_then_in_two_years() -> None:
    playbook = Playbook.model_validate(festival(OPENS_AT))
    for journey in playbook.journeys:
        for entered_at in (OPENS_AT - timedelta(hours=1), OPENS_AT - timedelta(days=3)):
            gift, following = journey.stages[0].steps
            assert due_at(gift, entered_at, ZoneInfo(playbook.zone), {}) == OPENS_AT
            assert due_at(following, entered_at, ZoneInfo(playbook.zone), {}) == OPENS_AT + FAR
    assert {journey.id for journey in playbook.journeys} == set(GIFTS)


@pytest.mark.parametrize(("minute", "second", "wanted"), [(0, 0, 0), (0, 1, 15), (14, 59, 15), (15, 0, 15)])
def test_it_opens_on_a_quarter_of_an_hour(minute: int, second: int, wanted: int) -> None:
    assert quarter_after(OPENS_AT.replace(minute=minute, second=second)) == OPENS_AT.replace(minute=wanted)


def test_what_halts_is_said_with_how_far_it_came() -> None:
    with pytest.raises(Failure, match=r"^guests: 3 of 5, and nothing more in 0 s$"):
        until(lambda: 3, 5, "guests", stalled=0.0, every=0.0)
    assert until(lambda: 5, 5, "guests") < 1
