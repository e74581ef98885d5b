"""Who enters a journey, who moves, whose run ends."""

from datetime import UTC, datetime, timedelta

import pytest

from chalicelib.domain.journeys import changes
from tests.unit.loop.world import NOON, PLAYBOOK, customer, enrolment, friend, pinned, tag

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def moved(who, *enrolments, at=NOON):
    return changes(who, enrolments, [PLAYBOOK], pinned, at)


def test_a_customer_who_followed_enters_at_the_first_stage_with_its_first_step_due():
    [entered] = moved(customer("followed"))
    assert (entered.run, entered.stage, entered.step, entered.due_at) == ("main", "new", "nudge", NOON + 2 * HOUR)
    assert (entered.version, entered.turn, entered.visit, entered.superseded) == (1, 1, 1, None)


def test_one_who_is_keen_already_enters_at_the_stage_for_the_keen():
    assert [one.stage for one in moved(customer("followed", "keen"))] == ["hot"]


def test_the_same_state_changes_nothing_the_second_time():
    who = customer("followed", "keen")
    assert moved(who, *moved(who)) == []


def test_a_new_tag_moves_forward_and_takes_the_wake_up_of_the_old_stage_back():
    who = customer(version=2).model_copy(update={"tags": {"followed": tag(1), "keen": tag(2)}})
    [hot] = moved(who, enrolment(), at=NOON + HOUR)
    assert (hot.stage, hot.step, hot.due_at, hot.done) == ("hot", "offer", NOON + HOUR + timedelta(minutes=10), ())
    assert (hot.version, hot.visit, hot.superseded, hot.seen) == (2, 2, 1, 2)


def test_hot_to_cold_to_hot_needs_a_new_reason_each_time():
    hot = enrolment(stage="hot", seen=2, step=None, due_at=None)
    tags = {"followed": tag(1), "keen": tag(2)}
    assert moved(customer(version=2).model_copy(update={"tags": tags}), hot) == []
    silent = customer(version=3).model_copy(update={"tags": {**tags, "silent": tag(3)}})
    [cold] = moved(silent, hot)
    assert cold.stage == "cold"
    assert moved(silent.model_copy(update={"version": 4}), cold) == []
    keen_again = silent.model_copy(update={"version": 5, "tags": {**silent.tags, "keen": tag(5)}})
    assert [one.stage for one in moved(keen_again, cold)] == ["hot"]


def test_an_exit_ends_the_run_at_once_and_says_why():
    gone = friend().model_copy(update={"state": "removed_by_customer"})
    [left] = moved(customer("followed", relations={"main/li": gone}), enrolment())
    assert (left.state, left.reason, left.step, left.due_at, left.superseded) == ("exited", "unfollowed", None, None, 1)


def test_nobody_enters_who_would_be_sent_away_at_once():
    assert moved(customer("followed", relations={})) == []


@pytest.mark.parametrize(
    ("ended_ago", "earned", "comes_again"),
    [(31 * DAY, 5, True), (29 * DAY, 5, False), (31 * DAY, 2, False)],
)
def test_coming_again_takes_a_rest_and_a_new_cause(ended_ago, earned, comes_again):
    before = enrolment(state="exited", ended_at=NOON - ended_ago, seen=3, version=4, step=None, due_at=None)
    who = customer(version=5).model_copy(update={"tags": {"followed": tag(earned)}})
    again = moved(who, before)
    assert [(one.turn, one.version) for one in again] == ([(2, 5)] if comes_again else [])


def test_each_order_is_a_run_of_its_own():
    who = customer("ordered#A1", "ordered#A2")
    assert {one.run for one in moved(who)} == {"order#A1", "order#A2"}


def test_a_final_stage_without_steps_finishes_the_run():
    who = customer(version=2).model_copy(update={"tags": {"followed": tag(1), "ordered#A1": tag(2)}})
    won = next(one for one in moved(who, enrolment()) if one.run == "main")
    assert (won.stage, won.state) == ("won", "finished")


def test_a_paused_run_moves_but_nothing_becomes_due():
    who = customer(version=2).model_copy(update={"tags": {"followed": tag(1), "keen": tag(2)}})
    [held] = moved(who, enrolment(state="paused", step=None, due_at=None))
    assert (held.stage, held.state, held.step, held.due_at) == ("hot", "paused", None, None)


def test_a_merged_customer_leaves_everything():
    who = customer("followed", merged_into="c-2")
    assert [(one.state, one.reason) for one in moved(who, enrolment())] == [("exited", "merged")]


def test_a_birthday_learnt_while_waiting_for_a_later_step_is_waited_for_instead():
    waiting = enrolment(stage_entered_at=NOON - 20 * DAY, done=("nudge", "day2"), step="gone", due_at=NOON + 30 * DAY)
    [sooner] = moved(customer("followed", profile={"birthday": "11-25"}), waiting)
    assert (sooner.step, sooner.due_at, sooner.superseded) == ("birthday", datetime(2026, 11, 25, 1, tzinfo=UTC), 1)
