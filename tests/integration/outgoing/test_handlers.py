"""The handlers of the outgoing side, called with what Lambda hands them."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from chalicelib.domain.push import digest
from chalicelib.errors import TransientError
from chalicelib.gateways import aws
from chalicelib.gateways.accounts import Account
from chalicelib.handlers import follow_stream, push_queue, result_queue
from chalicelib.models.group_sends import members_of
from chalicelib.models.pushes import PushRow
from tests.integration.outgoing.conftest import ROOT
from tests.integration.outgoing.scene import ACCOUNT, BATCH, STAFF, Scene


@pytest.fixture
def today(scene: Scene) -> Scene:
    """Return a scene of this very moment: handlers read the real clock."""
    scene.clock.now = datetime.now(UTC)
    return scene


def stream_event(*follows: Any) -> dict[str, Any]:
    return {
        "Records": [
            {
                "eventName": "INSERT",
                "dynamodb": {
                    "SequenceNumber": str(100 + number),
                    "Keys": {"subject": {"S": follow.subject}, "position": {"S": follow.position}},
                },
            }
            for number, follow in enumerate(follows)
        ]
    }


def queue_event(*bodies: dict[str, Any]) -> dict[str, Any]:
    return {"Records": [{"messageId": f"m{number}", "body": json.dumps(body)} for number, body in enumerate(bodies)]}


def scheduled() -> list[Any]:
    client = aws.client("scheduler")
    names = [each["Name"] for each in client.list_schedules()["Schedules"]]
    return [client.get_schedule(Name=name, GroupName="chaoxi-test")["Target"] for name in names]


def unreadable(name: str) -> Account:
    raise TransientError(f"the parameter of account {name} cannot be read")


def set_aside() -> list[str]:
    messages = aws.client("sqs").receive_message(QueueUrl=f"{ROOT}/failures", MaxNumberOfMessages=10)
    return [json.loads(each["Body"])["reason"] for each in messages.get("Messages", [])]


def test_a_batch_of_follows_is_greeted_side_by_side(today: Scene) -> None:
    follows = [today.follows(f"wm{number}", f"客户{number}") for number in range(10)]
    assert follow_stream.handle(stream_event(*follows), today.apps) == {"batchItemFailures": []}
    assert [today.texts(f"wm{number}") for number in range(10)] == [[f"客户{number}，您好"] for number in range(10)]
    assert today.calls("gettoken") == 1


def test_a_follow_of_an_unknown_account_is_set_aside_and_its_neighbours_are_greeted(today: Scene) -> None:
    follows = [today.follows(f"wm{number}") for number in range(3)]
    known = today.account
    today.apps.fetch = lambda name: known(name).model_copy(update={"kind": "official_account"})
    assert follow_stream.handle(stream_event(follows[0]), today.apps) == {"batchItemFailures": []}
    today.apps.fetch = known
    follow_stream.handle(stream_event(*follows[1:]), today.apps)
    assert set_aside() == [f"account {ACCOUNT} is no WeCom app"]
    assert [len(today.texts(f"wm{number}")) for number in range(3)] == [0, 1, 1]


def test_a_batch_that_wecom_cannot_take_is_visited_again_and_the_ones_behind_it_are_delivered(today: Scene) -> None:
    today.befriends("wm1", "wm2")
    other = BATCH.replace("T1200Z", "T1215Z")
    today.plans("wm1")
    today.plans("wm2", batch=other)
    today.world.faults.add("externalcontact/add_msg_template", "errcode", times=3, errcode=45033)
    event = queue_event({"batch": BATCH, "bucket": 1}, {"batch": other, "bucket": 1})
    assert push_queue.handle(event, today.apps) == {"batchItemFailures": []}
    assert today.sends() == [["wm2"]]
    [target] = [target for target in scheduled() if "bucket" in target["Input"]]
    assert target["SqsParameters"] == {"MessageGroupId": digest(BATCH)}
    today.clock.pass_time(timedelta(minutes=5))
    assert push_queue.handle(queue_event(json.loads(target["Input"])), today.apps) == {"batchItemFailures": []}
    assert today.sends() == [["wm2"], ["wm1"]]


def test_trouble_of_our_own_cloud_brings_a_batch_and_the_ones_behind_it_back(today: Scene) -> None:
    today.plans("wm1")
    today.apps.fetch = unreadable
    event = queue_event({"batch": BATCH, "bucket": 1}, {"batch": BATCH.replace("T1200Z", "T1215Z"), "bucket": 1})
    answer = push_queue.handle(event, today.apps)
    assert answer == {"batchItemFailures": [{"itemIdentifier": "m0"}, {"itemIdentifier": "m1"}]}


def test_results_are_collected_by_the_wake_up_that_delivery_planned(today: Scene) -> None:
    today.befriends("wm1")
    today.plans("wm1")
    push_queue.handle(queue_event({"batch": BATCH, "bucket": 1}), today.apps)
    [schedule] = aws.client("scheduler").list_schedules()["Schedules"]
    target = aws.client("scheduler").get_schedule(Name=schedule["Name"], GroupName="chaoxi-test")["Target"]
    today.clock.pass_time(timedelta(minutes=5))
    today.world.confirm_all(STAFF)
    assert result_queue.handle(queue_event(json.loads(target["Input"])), today.apps) == {"batchItemFailures": []}
    assert [push.state for push in members_of(BATCH)[1]] == ["delivered"]


def test_a_message_that_is_none_of_ours_is_set_aside(today: Scene) -> None:
    assert push_queue.handle(queue_event({"surprise": 1}), today.apps) == {"batchItemFailures": []}
    assert len(set_aside()) == 1


def test_a_follow_whose_welcome_came_to_its_end_is_known_by_its_code(today: Scene) -> None:
    follow = today.follows("wm1")
    follow_stream.handle(stream_event(follow), today.apps)
    push = PushRow.fetch(f"welcome/{ACCOUNT}/{STAFF}", digest(follow.welcome_code))
    assert push
    assert (push.because, push.rule) == (follow.key, "demo@1/welcome")
