"""Waiting for a platform that cannot be reached."""

from datetime import UTC, datetime, timedelta

import pytest

from chalicelib.domain.holding import asks_again_at, comes_back_at, is_given_up
from chalicelib.domain.push import GroupSend, playbook_of

NOON = datetime(2026, 11, 22, 4, tzinfo=UTC)
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
SEND = GroupSend(batch="b", sequence=1, members=("m",), state="submitted", claimed_at=NOON)


@pytest.mark.parametrize(("tries", "minutes"), [(0, 2), (1, 4), (2, 8), (3, 16), (4, 30), (60, 30)])
def test_a_batch_is_visited_again_in_growing_spans(tries: int, minutes: int) -> None:
    assert comes_back_at(NOON, tries) == NOON + minutes * MINUTE


@pytest.mark.parametrize(("held_for", "wait"), [(1 * MINUTE, 2), (10 * MINUTE, 10), (HOUR, 30), (-MINUTE, 2)])
def test_a_hold_is_waited_for_but_looked_at_every_half_hour(held_for: timedelta, wait: int) -> None:
    assert comes_back_at(NOON, 0, NOON + held_for) == NOON + wait * MINUTE


def test_after_a_day_a_person_has_to_look() -> None:
    assert not is_given_up(NOON, NOON + DAY - MINUTE)
    assert is_given_up(NOON, NOON + DAY)


@pytest.mark.parametrize(
    ("poll", "late", "again"), [(0, 0, 2), (0, 2, 4), (0, 4, 8), (0, 64, 94), (0, 190, None), (1, 1190, None)]
)
def test_a_poll_is_repeated_until_the_next_one_is_due(poll: int, late: int, again: int | None) -> None:
    first = NOON + (30 * MINUTE, 4 * HOUR)[poll]
    due_at = first + late * MINUTE
    assert asks_again_at(SEND, poll, due_at, due_at) == (None if again is None else first + again * MINUTE)


def test_the_same_wake_up_twice_comes_back_once() -> None:
    due_at = NOON + 30 * MINUTE
    instants = {asks_again_at(SEND, 0, due_at, due_at + seconds * timedelta(seconds=1)) for seconds in (1, 60, 119)}
    assert instants == {due_at + 2 * MINUTE}


def test_a_batch_names_the_playbook_of_its_content_whatever_the_staff_member_is_called() -> None:
    assert playbook_of("main/li/lei/spring-sale@12/hello/20261122T1200Z") == ("spring-sale", 12)
