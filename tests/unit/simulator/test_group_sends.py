from typing import Any

import pytest

from infra.local.wecom import SimulatorError, WecomWorld
from tests.unit.simulator.scene import APP, CORP, LI, OTHER_APP, WANG, Clock, results, send

PATH = "externalcontact/add_msg_template"
TEXT = {"text": {"content": "早"}}


def create(world: WecomWorld, **fields: Any) -> dict[str, Any]:
    return world.post(APP, PATH, TEXT | fields)


def confirmed(world: WecomWorld, clock: Clock, userid: str, msgid: str) -> None:
    clock.pass_seconds(60)
    world.confirm(userid, msgid)


def test_a_group_send_is_only_a_task_until_staff_confirm_it(world: WecomWorld, clock: Clock) -> None:
    world.follow(LI, "wm-a")
    msgid = send(world, ["wm-a"])["msgid"]
    clock.pass_seconds(60)
    assert world.inbox("wm-a") == []
    assert world.confirm(LI, msgid).sent == 1
    (message,) = world.inbox("wm-a")
    assert (message.source, message.sender, message.msgid, message.at) == ("group_send", LI, msgid, clock())


def test_those_who_are_no_friends_of_the_sender_are_on_the_fail_list(world: WecomWorld) -> None:
    world.follow(LI, "wm-a")
    world.follow(WANG, "wm-of-wang")
    world.follow(LI, "wm-deleted")
    world.delete(LI, "wm-deleted")
    world.half_follow(LI, "wm-half")
    answer = send(world, ["wm-a", "wm-of-wang", "wm-deleted", "wm-half", "wm-ghost", "wm-a"])
    assert answer["fail_list"] == ["wm-of-wang", "wm-deleted", "wm-half", "wm-ghost"]
    (task,) = world.waiting()
    assert list(task.send.receivers[LI]) == ["wm-a"]


def test_who_has_nobody_to_send_to_makes_no_task(world: WecomWorld) -> None:
    answer = send(world, ["wm-ghost"])
    assert (answer["errcode"], answer["fail_list"]) == (41048, ["wm-ghost"])
    assert create(world, sender=LI)["errcode"] == 41048
    assert world.waiting() == []


def test_ten_thousand_ids_are_taken_and_one_more_is_refused(world: WecomWorld) -> None:
    ids = [f"wm-{number}" for number in range(10_001)]
    for each in ids:
        world.follow(LI, each)
    assert send(world, ids)["errcode"] == 40058
    assert send(world, ids[:10_000])["errcode"] == 0


@pytest.mark.parametrize(
    ("fields", "errcode"),
    [
        ({}, 40063),
        ({"external_userid": ["wm-a"], "text": {"content": ""}}, 40063),
        ({"external_userid": ["wm-a"], "text": {"content": "潮" * 1334}}, 45002),
        ({"external_userid": ["wm-a"], "chat_type": "crowd"}, 40058),
        ({"external_userid": "wm-a"}, 40058),
        ({"external_userid": ["wm-a"], "sender": "ghost"}, 60111),
        ({"external_userid": ["wm-a"], "allow_select": "yes"}, 40058),
        ({"tag_filter": {"group_list": [{"tag_list": ["none"]}]}}, 40068),
        ({"tag_filter": {"group_list": [{"tag_list": ["t"] * 101}]}}, 40058),
        ({"tag_filter": {"group_list": []}}, 40063),
        ({"chat_type": "group"}, 40063),
        ({"chat_type": "group", "sender": LI, "chat_id_list": ["c"] * 2001}, 40058),
        ({"chat_type": "group", "sender": LI, "chat_id_list": ["c"]}, 41048),
        ({"external_userid": ["wm-a"], "sender": LI, "allow_select": True}, 0),
    ],
)
def test_a_group_send_is_checked(world: WecomWorld, fields: dict[str, Any], errcode: int) -> None:
    world.follow(LI, "wm-a")
    assert create(world, **fields)["errcode"] == errcode


def test_a_sender_alone_means_all_their_customers(world: WecomWorld, clock: Clock) -> None:
    for each in ("wm-a", "wm-b"):
        world.follow(LI, each)
    world.follow(WANG, "wm-c")
    msgid = create(world, sender=LI)["msgid"]
    confirmed(world, clock, LI, msgid)
    assert results(world, msgid) == {"wm-a": 1, "wm-b": 1}


def test_without_a_sender_the_one_who_was_in_touch_last_gets_the_task(world: WecomWorld, clock: Clock) -> None:
    world.follow(LI, "wm-a")
    clock.pass_seconds(1)
    world.follow(WANG, "wm-a")
    assert [task.userid for task in world.waiting()] == []
    create(world, external_userid=["wm-a", "wm-ghost"])
    clock.pass_seconds(1)
    world.chat(LI, "wm-a")
    create(world, external_userid=["wm-a"])
    assert [task.userid for task in world.waiting()] == [WANG, LI]


def test_tag_filters_are_or_inside_a_group_and_and_between_groups(world: WecomWorld) -> None:
    high, low, east = (world.create_tag(CORP, *each) for each in (("意向", "高"), ("意向", "低"), ("城区", "东")))
    for name, tags in (("wm-a", [high, east]), ("wm-b", [low, east]), ("wm-c", [high])):
        world.follow(LI, name)
        world.edit(LI, name, add_tags=tags)
    groups = [{"tag_list": [high, low]}, {"tag_list": [east]}]
    create(world, tag_filter={"group_list": groups})
    create(world, tag_filter={"group_list": groups}, external_userid=["wm-c"], sender=LI)
    assert [sorted(task.send.receivers[LI]) for task in world.waiting()] == [["wm-a", "wm-b"], ["wm-c"]]


def test_groups_of_the_sender_get_it_and_other_groups_are_on_the_fail_list(world: WecomWorld, clock: Clock) -> None:
    world.create_chat(CORP, "wr-1", LI, "潮汐一群")
    world.create_chat(CORP, "wr-2", WANG)
    answer = create(world, chat_type="group", sender=LI, chat_id_list=["wr-1", "wr-2"])
    assert answer["fail_list"] == ["wr-2"]
    clock.pass_seconds(60)
    body = {"msgid": answer["msgid"], "userid": LI}
    path = "externalcontact/get_groupmsg_send_result"
    assert world.post(APP, path, body)["send_list"] == [], "groups show only once they were sent"
    world.confirm(LI, answer["msgid"])
    (row,) = world.post(APP, path, body)["send_list"]
    assert (row["chat_id"], row["status"]) == ("wr-1", 1)
    assert len(world.inbox("wr-1")) == 1


def test_a_group_send_is_confirmed_once_by_its_staff_and_after_dispatch(world: WecomWorld, clock: Clock) -> None:
    world.follow(LI, "wm-a")
    msgid = send(world, ["wm-a"])["msgid"]
    with pytest.raises(SimulatorError, match="dispatched"):
        world.confirm(LI, msgid)
    confirmed(world, clock, LI, msgid)
    for userid in (LI, WANG):
        with pytest.raises(SimulatorError, match="does not wait"):
            world.confirm(userid, msgid)
    assert len(world.inbox("wm-a")) == 1


def test_cancelling_stops_what_is_not_sent_and_recalls_nothing(world: WecomWorld, clock: Clock) -> None:
    world.follow(LI, "wm-a")
    world.follow(WANG, "wm-b")
    msgid = create(world, external_userid=["wm-a", "wm-b"])["msgid"]
    confirmed(world, clock, LI, msgid)
    path = "externalcontact/cancel_groupmsg_send"
    assert world.post(APP, path, {"msgid": msgid})["errcode"] == 0
    assert world.post(APP, path, {"msgid": msgid})["errcode"] == 41093
    assert world.post(APP, "externalcontact/remind_groupmsg_send", {"msgid": msgid})["errcode"] == 41093
    assert world.waiting() == []
    assert results(world, msgid, LI) == {"wm-a": 1}
    assert results(world, msgid, WANG) == {"wm-b": 0}


def test_staff_are_reminded_three_times_a_day_at_most(world: WecomWorld, clock: Clock) -> None:
    world.follow(LI, "wm-a")
    body = {"msgid": send(world, ["wm-a"])["msgid"]}
    path = "externalcontact/remind_groupmsg_send"
    assert [world.post(APP, path, body)["errcode"] for _ in range(4)] == [0, 0, 0, 41094]
    clock.pass_days(1)
    assert world.post(APP, path, body)["errcode"] == 0


@pytest.mark.parametrize("name", ["remind_groupmsg_send", "cancel_groupmsg_send", "get_groupmsg_task"])
def test_a_msgid_must_be_there_and_of_this_corp(world: WecomWorld, name: str) -> None:
    world.follow(LI, "wm-a")
    msgid = send(world, ["wm-a"])["msgid"]
    path = f"externalcontact/{name}"
    assert world.post(APP, path, {})["errcode"] == 41046
    assert world.post(APP, path, {"msgid": "made-up"})["errcode"] == 41047
    assert world.post(OTHER_APP, path, {"msgid": msgid})["errcode"] == 41047
