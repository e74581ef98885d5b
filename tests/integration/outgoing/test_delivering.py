"""Delivering batches: one task for the staff member, whatever happens on the way."""

from datetime import timedelta

import pytest

from chalicelib.errors import TransientError
from chalicelib.gateways import aws
from chalicelib.gateways.wecom.trouble import CurableError, HeldError, NoAnswerError, RefusedError
from chalicelib.models.group_sends import members_of
from chalicelib.models.pushes import PushRow
from chalicelib.services.deliver_batch import deliver_batch
from tests.integration.outgoing.scene import BATCH, CORP, STAFF, Scene, push_to

CREATE = "externalcontact/add_msg_template"
MINUTE = timedelta(minutes=1)


def deliver(scene: Scene, bucket: int = 1, batch: str = BATCH) -> None:
    deliver_batch(batch, bucket, scene.clock.now, scene.apps)


def states(batch: str = BATCH) -> dict[str, tuple[str, str | None]]:
    return {push.external_userid: (push.state, push.reason) for push in members_of(batch)[1]}


def send_states(batch: str = BATCH) -> list[str]:
    return [send.state for send in members_of(batch)[0]]


def polls() -> list[str]:
    return sorted(each["Name"] for each in aws.client("scheduler").list_schedules()["Schedules"])


def test_the_pushes_of_a_batch_become_one_task_for_the_staff_member(scene: Scene) -> None:
    scene.befriends("wm1", "wm2", "wm3")
    for customer in ("wm1", "wm2", "wm3"):
        scene.plans(customer)
    deliver(scene)
    assert scene.sends() == [["wm1", "wm2", "wm3"]]
    [send], pushes = members_of(BATCH)
    assert (send.state, {push.msgid for push in pushes}) == ("submitted", {send.msgid})
    assert set(states().values()) == {("submitted", None)}
    assert len(polls()) == 1


def test_the_task_says_what_the_content_says(scene: Scene) -> None:
    scene.befriends("wm1")
    scene.plans("wm1")
    deliver(scene)
    scene.clock.pass_time(5 * MINUTE)
    scene.world.confirm_all(STAFF)
    assert scene.texts("wm1") == ["今晚八点直播，$0 入场"]


def test_nothing_that_waits_is_nothing_to_do(scene: Scene) -> None:
    deliver(scene)
    assert scene.world.calls == []


def test_a_message_that_comes_again_sends_nothing(scene: Scene) -> None:
    scene.befriends("wm1")
    scene.plans("wm1")
    deliver(scene)
    calls = len(scene.world.calls)
    deliver(scene)
    assert len(scene.world.calls) == calls


def test_a_batch_that_still_gathers_is_left_to_its_later_message(scene: Scene) -> None:
    scene.befriends("wm1", "wm2")
    scene.plans("wm1", bucket=1)
    scene.plans("wm2", bucket=2)
    deliver(scene, bucket=1)
    assert scene.sends() == []
    deliver(scene, bucket=2)
    assert scene.sends() == [["wm1", "wm2"]]


def test_a_push_that_came_after_the_task_gets_one_of_its_own(scene: Scene) -> None:
    scene.befriends("wm1", "wm2")
    scene.plans("wm1", bucket=1)
    deliver(scene, bucket=1)
    scene.plans("wm2", bucket=2)
    deliver(scene, bucket=2)
    assert scene.sends() == [["wm1"], ["wm2"]]


def test_two_contents_of_one_staff_member_never_mix(scene: Scene) -> None:
    scene.befriends("wm1", "wm2")
    other = BATCH.replace("hello", "vip2")
    scene.plans("wm1")
    scene.plans("wm2", batch=other)
    deliver(scene)
    deliver(scene, batch=other)
    assert scene.sends() == [["wm1"], ["wm2"]]


def test_customers_that_the_platform_leaves_out_keep_the_reason(scene: Scene) -> None:
    scene.befriends("wm1")
    scene.plans("wm1")
    scene.plans("wm-gone")
    deliver(scene)
    assert states() == {"wm1": ("submitted", None), "wm-gone": ("failed", "fail_list")}


@pytest.mark.parametrize("code", [41048, 40096, 84061, 60111, 40058, 99999])
def test_a_refusal_for_good_fails_every_member_with_its_code(scene: Scene, code: int) -> None:
    scene.befriends("wm1", "wm2")
    scene.plans("wm1")
    scene.plans("wm2")
    scene.world.faults.add(CREATE, "errcode", errcode=code)
    deliver(scene)
    assert set(states().values()) == {("failed", f"wecom:{code}")}
    assert send_states() == ["closed"]
    deliver(scene)
    assert scene.calls("add_msg_template") == 1


def test_a_refusal_that_somebody_must_repair_keeps_the_pushes_for_a_redrive(scene: Scene) -> None:
    scene.befriends("wm1")
    scene.plans("wm1")
    scene.world.faults.add(CREATE, "errcode", errcode=60020)
    with pytest.raises(RefusedError):
        deliver(scene)
    assert states() == {"wm1": ("planned", None)}
    deliver(scene)
    assert scene.sends() == [["wm1"]]


@pytest.mark.parametrize("code", [-1, 6000, 45033])
def test_a_busy_platform_is_called_again_without_looking(scene: Scene, code: int) -> None:
    scene.befriends("wm1")
    scene.plans("wm1")
    scene.world.faults.add(CREATE, "errcode", times=3, errcode=code)
    with pytest.raises(CurableError):
        deliver(scene)
    assert send_states() == ["refused"]
    deliver(scene)
    assert scene.sends() == [["wm1"]]
    assert scene.calls("get_groupmsg_list_v2") == 0


def test_a_frequency_limit_is_honoured_by_every_worker_until_it_is_over(scene: Scene) -> None:
    scene.befriends("wm1")
    scene.plans("wm1")
    scene.world.faults.add(CREATE, "errcode", errcode=45009)
    with pytest.raises(HeldError):
        deliver(scene)
    scene.apps = scene.new_worker()
    with pytest.raises(HeldError):
        deliver(scene)
    assert scene.calls("add_msg_template") == 1
    scene.clock.pass_time(MINUTE)
    deliver(scene)
    assert scene.sends() == [["wm1"]]


@pytest.mark.parametrize("kind", ["drop_after", "garbage"])
def test_a_task_whose_answer_was_lost_is_found_and_not_made_again(scene: Scene, kind: str) -> None:
    scene.befriends("wm1", "wm2")
    for customer in ("wm1", "wm2", "wm-gone"):
        scene.plans(customer)
    scene.world.faults.add(CREATE, kind)
    with pytest.raises(NoAnswerError):
        deliver(scene)
    assert send_states() == ["unknown"]
    scene.clock.pass_time(5 * MINUTE)
    deliver(scene)
    assert scene.sends() == [["wm1", "wm2"]]
    assert states() == {"wm1": ("submitted", None), "wm2": ("submitted", None), "wm-gone": ("failed", "fail_list")}
    assert len(polls()) == 1


def test_many_lost_answers_to_one_text_cost_a_worker_one_question_a_task(scene: Scene) -> None:
    batches = []
    for name in (f"staff{number}" for number in range(8)):
        scene.world.add_staff(CORP, name)
        scene.world.follow(name, f"wm-{name}")
        batches.append(BATCH.replace(STAFF, name))
        push = push_to(f"wm-{name}", scene.clock.now, batch=batches[-1])
        PushRow.plan(push.model_copy(update={"staff": name}))
    scene.world.faults.add(CREATE, "drop_after", times=8)
    for batch in batches:
        with pytest.raises(NoAnswerError):
            deliver(scene, batch=batch)
    scene.clock.pass_time(5 * MINUTE)
    for batch in batches:
        deliver(scene, batch=batch)
        assert set(states(batch).values()) == {("submitted", None)}
    assert len(scene.sends()) == 8
    assert scene.calls("get_groupmsg_task") == 8


@pytest.mark.parametrize("kind", ["timeout_before", "http_500"])
def test_a_call_that_never_took_effect_is_made_again_once_that_is_sure(scene: Scene, kind: str) -> None:
    scene.befriends("wm1")
    scene.plans("wm1")
    scene.world.faults.add(CREATE, kind)
    with pytest.raises(NoAnswerError):
        deliver(scene)
    scene.clock.pass_time(timedelta(seconds=30))
    with pytest.raises(TransientError, match="may not list"):
        deliver(scene)
    assert scene.sends() == []
    scene.clock.pass_time(2 * MINUTE)
    deliver(scene)
    assert scene.sends() == [["wm1"]]
    assert states() == {"wm1": ("submitted", None)}


def test_an_equal_text_to_other_customers_is_not_mistaken_for_ours(scene: Scene) -> None:
    scene.befriends("wm1", "wm2")
    other = BATCH.replace("T1200Z", "T1215Z")
    scene.plans("wm1")
    scene.plans("wm2", batch=other)
    scene.world.faults.add(CREATE, "timeout_before")
    with pytest.raises(NoAnswerError):
        deliver(scene)
    deliver(scene, batch=other)
    scene.clock.pass_time(5 * MINUTE)
    deliver(scene)
    assert scene.sends() == [["wm2"], ["wm1"]]


def test_a_task_that_staff_made_by_hand_is_not_mistaken_for_ours(scene: Scene) -> None:
    scene.befriends("wm1")
    scene.plans("wm1")
    scene.world.faults.add(CREATE, "timeout_before")
    with pytest.raises(NoAnswerError):
        deliver(scene)
    scene.world.send_by_hand(STAFF, ["wm1"], "今晚八点直播，$0 入场")
    scene.clock.pass_time(5 * MINUTE)
    deliver(scene)
    assert scene.calls("add_msg_template") == 2


def test_a_task_that_is_still_being_dispatched_is_looked_at_later(scene: Scene) -> None:
    scene.befriends("wm1")
    scene.plans("wm1")
    scene.world.faults.add(CREATE, "drop_after")
    with pytest.raises(NoAnswerError):
        deliver(scene)
    scene.clock.pass_time(timedelta(seconds=30))
    with pytest.raises(CurableError):
        deliver(scene)
    scene.clock.pass_time(MINUTE)
    deliver(scene)
    assert scene.sends() == [["wm1"]]
    assert send_states() == ["submitted"]


def test_two_runs_of_one_customer_in_one_batch_are_one_message(scene: Scene) -> None:
    scene.befriends("wm1")
    first = scene.plans("wm1")
    second = first.model_copy(update={"member": "another", "run": "order#2"})
    PushRow.plan(second)
    deliver(scene)
    assert scene.sends() == [["wm1"]]
    assert [push.state for push in members_of(BATCH)[1]] == ["submitted", "submitted"]


def test_an_expired_token_is_replaced_and_the_call_made_again(scene: Scene) -> None:
    scene.befriends("wm1", "wm2")
    scene.plans("wm1")
    deliver(scene)
    scene.world.revoke_tokens("main", 42001)
    scene.plans("wm2", bucket=2)
    deliver(scene, bucket=2)
    assert scene.sends() == [["wm1"], ["wm2"]]
    assert scene.calls("gettoken") == 2


def test_a_wrong_secret_is_tried_once_and_then_left_alone(scene: Scene) -> None:
    scene.secret = "wrong"
    scene.plans("wm1")
    for _ in range(5):
        scene.apps = scene.new_worker()
        with pytest.raises(HeldError):
            deliver(scene)
        scene.clock.pass_time(MINUTE)
    assert scene.calls("gettoken") == 1
    assert states() == {"wm1": ("planned", None)}
