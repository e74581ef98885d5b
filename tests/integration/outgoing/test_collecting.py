"""Collecting what became of group-sends."""

import json
from datetime import datetime, timedelta

import pytest

from chalicelib.domain.behaviour import Behaviour
from chalicelib.gateways import aws
from chalicelib.gateways.wecom.trouble import NoAnswerError, RefusedError
from chalicelib.models.behaviours import BehaviourRow
from chalicelib.models.group_sends import members_of
from chalicelib.schemas.wakeups import ResultsDue
from chalicelib.services.collect_results import collect_results
from chalicelib.services.deliver_batch import deliver_batch
from tests.integration.outgoing.scene import BATCH, CORP, STAFF, START, Scene

TASK = "externalcontact/get_groupmsg_task"
RESULT = "externalcontact/get_groupmsg_send_result"
HALF_HOUR, FOUR_HOURS, DAY, THREE_DAYS = (timedelta(hours=hours) for hours in (0.5, 4, 24, 72))


def delivered(scene: Scene, *customers: str) -> None:
    scene.befriends(*customers)
    for customer in customers:
        scene.plans(customer)
    deliver_batch(BATCH, 1, scene.clock.now, scene.apps)


def collect(scene: Scene, poll: int, after: timedelta) -> None:
    """Let the poll's time come and take its wake-up."""
    scene.clock.now = max(scene.clock.now, START + after)
    collect_results(ResultsDue(batch=BATCH, sequence=1, poll=poll, due_at=START + after), scene.clock.now, scene.apps)


def states() -> dict[str, tuple[str, str | None]]:
    return {push.external_userid: (push.state, push.reason) for push in members_of(BATCH)[1]}


def send_state() -> str:
    return members_of(BATCH)[0][0].state


def told(customer: str) -> list[Behaviour]:
    return list(BehaviourRow.of_subject(f"wecom:{CORP}:{customer}"))


def wakeups() -> list[tuple[int, datetime]]:
    """Return (poll, due_at) of the schedules that wait."""
    client = aws.client("scheduler")
    names = [each["Name"] for each in client.list_schedules()["Schedules"]]
    inputs = [client.get_schedule(Name=name, GroupName="chaoxi-test")["Target"]["Input"] for name in names]
    found = [ResultsDue.model_validate(json.loads(text)) for text in inputs]
    return sorted((due.poll, due.due_at) for due in found)


def test_what_the_staff_member_sent_is_delivered_and_comes_back_as_a_behaviour(scene: Scene) -> None:
    delivered(scene, "wm1")
    scene.clock.now = START + timedelta(minutes=5)
    scene.world.confirm_all(STAFF)
    collect(scene, 0, HALF_HOUR)
    assert states() == {"wm1": ("delivered", None)}
    [behaviour] = told("wm1")
    assert behaviour.name == "chaoxi.push_delivered"
    assert behaviour.occurred_at == START + timedelta(minutes=5)
    [push] = members_of(BATCH)[1]
    assert behaviour.properties == {
        "push": push.key,
        "content": "demo@1/hello",
        "journey": "main",
        "run": "main",
        "stage": "new",
        "step": "one",
    }


def test_a_group_send_that_is_decided_is_closed_and_not_asked_about_again(scene: Scene) -> None:
    delivered(scene, "wm1")
    scene.clock.now = START + timedelta(minutes=5)
    scene.world.confirm_all(STAFF)
    collect(scene, 0, HALF_HOUR)
    assert send_state() == "closed"
    assert wakeups() == [(0, START + HALF_HOUR)]  # the one that has just fired: the cloud deletes it
    calls = len(scene.world.calls)
    collect(scene, 1, FOUR_HOURS)
    assert len(scene.world.calls) == calls


def test_a_customer_who_left_and_one_who_has_had_too_many_keep_their_reasons(scene: Scene) -> None:
    scene.world.change_rules({"cap": "day"})
    delivered(scene, "wm1", "wm-left", "wm-full")
    scene.world.unfollow(STAFF, "wm-left")
    scene.world.send_by_hand(STAFF, ["wm-full"], "别的")
    scene.clock.now = START + timedelta(minutes=5)
    scene.world.confirm_all(STAFF)
    collect(scene, 0, HALF_HOUR)
    assert states() == {
        "wm1": ("delivered", None),
        "wm-left": ("failed", "not_friend"),
        "wm-full": ("failed", "over_quota"),
    }
    assert [each.properties["reason"] for each in told("wm-left")] == ["not_friend"]
    assert [each.name for each in told("wm-full")] == ["chaoxi.push_failed"]


def test_what_waits_for_the_staff_member_is_asked_about_four_times(scene: Scene) -> None:
    delivered(scene, "wm1")
    spans = (HALF_HOUR, FOUR_HOURS, DAY, THREE_DAYS)
    for poll, span in enumerate(spans[:-1]):
        collect(scene, poll, span)
        assert states() == {"wm1": ("submitted", None)}
    assert wakeups() == [(poll, START + span) for poll, span in enumerate(spans)]
    assert scene.calls("get_groupmsg_send_result") == 0


def test_what_nobody_confirmed_in_three_days_has_failed(scene: Scene) -> None:
    delivered(scene, "wm1")
    collect(scene, 3, THREE_DAYS)
    assert states() == {"wm1": ("failed", "not_confirmed")}
    assert [each.occurred_at for each in told("wm1")] == [START + THREE_DAYS]
    assert send_state() == "closed"


def test_customers_whom_the_platform_left_out_are_told_of_at_the_first_poll(scene: Scene) -> None:
    scene.plans("wm-gone")
    delivered(scene, "wm1")
    collect(scene, 0, HALF_HOUR)
    collect(scene, 1, FOUR_HOURS)
    assert states() == {"wm1": ("submitted", None), "wm-gone": ("failed", "fail_list")}
    assert [each.properties["reason"] for each in told("wm-gone")] == ["fail_list"]


def test_a_wake_up_that_comes_twice_asks_once(scene: Scene) -> None:
    delivered(scene, "wm1")
    collect(scene, 0, HALF_HOUR)
    calls = len(scene.world.calls)
    collect(scene, 0, HALF_HOUR)
    assert len(scene.world.calls) == calls


def test_a_group_send_that_is_being_dispatched_is_looked_at_again_in_two_minutes(scene: Scene) -> None:
    scene.world.change_rules({"dispatch_delay": 1860})
    delivered(scene, "wm1")
    collect(scene, 0, HALF_HOUR)
    again = HALF_HOUR + timedelta(minutes=2)
    assert (0, START + again) in wakeups()
    collect(scene, 0, again)
    assert wakeups()[-1] == (1, START + FOUR_HOURS)


def test_a_group_send_that_is_never_dispatched_ends_as_not_confirmed(scene: Scene) -> None:
    scene.world.change_rules({"dispatch_delay": 7 * 86400})
    delivered(scene, "wm1")
    collect(scene, 3, THREE_DAYS)
    assert states() == {"wm1": ("submitted", None)}
    scene.clock.now = START + THREE_DAYS + timedelta(hours=1)
    collect(scene, 3, THREE_DAYS + timedelta(minutes=58))
    assert states() == {"wm1": ("failed", "not_confirmed")}
    assert send_state() == "closed"


def test_the_next_poll_is_planned_even_when_asking_is_refused(scene: Scene) -> None:
    delivered(scene, "wm1")
    scene.world.faults.add(TASK, "errcode", errcode=60020)
    with pytest.raises(RefusedError):
        collect(scene, 0, HALF_HOUR)
    assert wakeups()[-1] == (1, START + FOUR_HOURS)
    collect(scene, 0, HALF_HOUR)
    assert states() == {"wm1": ("submitted", None)}


@pytest.mark.parametrize("kind", ["http_500", "timeout_before", "errcode"])
def test_a_platform_that_cannot_answer_is_asked_again_in_2_then_4_then_8_minutes(scene: Scene, kind: str) -> None:
    delivered(scene, "wm1")
    scene.world.faults.add(TASK, kind, times=99)
    for minutes in (0, 2, 4, 8):
        collect(scene, 0, HALF_HOUR + timedelta(minutes=minutes))
    again = HALF_HOUR + timedelta(minutes=16)
    assert wakeups()[-2:] == [(0, START + again), (1, START + FOUR_HOURS)]
    scene.world.faults.clear()
    scene.world.confirm_all(STAFF)
    collect(scene, 0, again)
    assert states() == {"wm1": ("delivered", None)}


def test_the_last_poll_is_repeated_for_a_day_and_then_left_to_a_person(scene: Scene) -> None:
    delivered(scene, "wm1")
    scene.world.faults.add(TASK, "http_500", times=99)
    collect(scene, 3, THREE_DAYS + DAY - timedelta(minutes=31))
    assert wakeups()[-1] == (3, START + THREE_DAYS + DAY - timedelta(minutes=1))
    with pytest.raises(NoAnswerError):
        collect(scene, 3, THREE_DAYS + DAY - timedelta(minutes=1))
    assert states() == {"wm1": ("submitted", None)}


def test_a_staff_member_who_has_gone_ends_the_group_send_with_the_platforms_code(scene: Scene) -> None:
    delivered(scene, "wm1")
    scene.world.faults.add(TASK, "errcode", errcode=60111)
    collect(scene, 0, HALF_HOUR)
    assert states() == {"wm1": ("failed", "wecom:60111")}
    assert send_state() == "closed"
