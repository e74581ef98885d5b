from typing import Any

import pytest

from infra.local.wecom import WecomWorld
from tests.unit.simulator.scene import APP, LI, OTHER_APP, WANG, Clock, results, send

TASK, RESULT, LIST = (
    f"externalcontact/{name}" for name in ("get_groupmsg_task", "get_groupmsg_send_result", "get_groupmsg_list_v2")
)
DAY = 86_400


def listed(world: WecomWorld, clock: Clock, **fields: Any) -> dict[str, Any]:
    now = int(clock().timestamp())
    return world.post(APP, LIST, {"chat_type": "single", "start_time": now - DAY, "end_time": now, **fields})


def test_results_say_still_dispatching_for_a_minute(world: WecomWorld, clock: Clock) -> None:
    world.follow(LI, "wm-a")
    body = {"msgid": send(world, ["wm-a"])["msgid"], "userid": LI}
    clock.pass_seconds(59)
    assert [world.post(APP, path, body)["errcode"] for path in (TASK, RESULT)] == [41063, 41063]
    clock.pass_seconds(1)
    assert [world.post(APP, path, body)["errcode"] for path in (TASK, RESULT)] == [0, 0]


def test_a_task_is_0_until_it_is_confirmed_and_2_afterwards(world: WecomWorld, clock: Clock) -> None:
    world.follow(LI, "wm-a")
    msgid = send(world, ["wm-a"])["msgid"]
    clock.pass_seconds(60)
    assert world.post(APP, TASK, {"msgid": msgid})["task_list"] == [{"userid": LI, "status": 0}]
    world.confirm(LI, msgid)
    at = int(clock().timestamp())
    clock.pass_seconds(5)
    assert world.post(APP, TASK, {"msgid": msgid})["task_list"] == [{"userid": LI, "status": 2, "send_time": at}]


def test_each_receiver_has_a_fate_and_only_the_sent_a_time(world: WecomWorld, clock: Clock) -> None:
    for each in ("wm-a", "wm-left", "wm-deleted"):
        world.follow(LI, each)
    world.unfollow(LI, "wm-left")
    answer = send(world, ["wm-a", "wm-left", "wm-deleted"])
    assert answer["fail_list"] == [], "one who left is known still"
    clock.pass_seconds(60)
    assert set(results(world, answer["msgid"]).values()) == {0}
    world.delete(LI, "wm-deleted")
    outcome = world.confirm(LI, answer["msgid"])
    assert (outcome.sent, outcome.not_a_friend, outcome.capped) == (1, 2, 0)
    assert results(world, answer["msgid"]) == {"wm-a": 1, "wm-left": 2, "wm-deleted": 2}
    rows = world.post(APP, RESULT, {"msgid": answer["msgid"], "userid": LI})["send_list"]
    assert ["send_time" in row for row in rows] == [True, False, False]
    assert world.inbox("wm-left") == []


def test_results_come_in_pages_of_at_most_a_thousand(world: WecomWorld, clock: Clock) -> None:
    ids = [f"wm-{number}" for number in range(1200)]
    for each in ids:
        world.follow(LI, each)
    body = {"msgid": send(world, ids)["msgid"], "userid": LI}
    clock.pass_seconds(60)
    seen, cursor, sizes = [], "", []
    while True:
        page = world.post(APP, RESULT, body | {"cursor": cursor})
        seen += [row["external_userid"] for row in page["send_list"]]
        sizes.append(len(page["send_list"]))
        if not (cursor := page["next_cursor"]):
            break
    assert (seen, sizes) == (ids, [500, 500, 200])
    assert len(world.post(APP, RESULT, body | {"limit": 1000})["send_list"]) == 1000
    assert world.post(APP, RESULT, body | {"limit": 1001})["errcode"] == 40058


def test_the_results_of_somebody_else_are_empty_and_of_nobody_an_error(world: WecomWorld, clock: Clock) -> None:
    world.follow(LI, "wm-a")
    msgid = send(world, ["wm-a"])["msgid"]
    clock.pass_seconds(60)
    assert results(world, msgid, WANG) == {}
    assert world.post(APP, RESULT, {"msgid": msgid, "userid": "ghost"})["errcode"] == 60111
    assert world.post(APP, RESULT, {"msgid": msgid})["errcode"] == 40063


def test_the_list_names_a_creator_only_for_sends_by_hand(world: WecomWorld, clock: Clock) -> None:
    world.follow(LI, "wm-a")
    msgid = send(world, ["wm-a"], "你好")["msgid"]
    clock.pass_seconds(1)
    world.send_by_hand(LI, ["wm-a"], "手写")
    by_hand, by_api = listed(world, clock)["group_msg_list"]
    assert (by_api["msgid"], by_api["create_type"], by_api["text"]) == (msgid, 0, {"content": "你好"})
    assert "creator" not in by_api
    assert (by_hand["creator"], by_hand["create_type"]) == (LI, 1)
    only = {kind: listed(world, clock, filter_type=kind)["group_msg_list"] for kind in (0, 1)}
    assert (only[0], only[1]) == ([by_api], [by_hand])
    assert listed(world, clock, creator=LI)["group_msg_list"] == [by_hand]
    assert listed(world, clock, chat_type="group")["group_msg_list"] == []


def test_the_list_of_another_corp_is_its_own(world: WecomWorld, clock: Clock) -> None:
    world.follow(LI, "wm-a")
    send(world, ["wm-a"])
    now = int(clock().timestamp())
    body = {"chat_type": "single", "start_time": now - 1, "end_time": now}
    assert world.post(OTHER_APP, LIST, body)["group_msg_list"] == []


@pytest.mark.parametrize(
    ("change", "errcode"),
    [
        ({"start_time": 0}, 40058),
        ({"chat_type": ""}, 40063),
        ({"start_time": None}, 40063),
        ({"limit": 101}, 40058),
        ({"filter_type": 3}, 40058),
    ],
)
def test_the_list_takes_a_month_and_a_hundred_rows(
    world: WecomWorld, clock: Clock, change: dict[str, Any], errcode: int
) -> None:
    assert listed(world, clock, **change)["errcode"] == errcode


def test_the_list_may_span_thirty_one_days_and_no_second_more(world: WecomWorld, clock: Clock) -> None:
    now = int(clock().timestamp())
    assert listed(world, clock, start_time=now - 31 * DAY)["errcode"] == 0
    assert listed(world, clock, start_time=now - 31 * DAY - 1)["errcode"] == 40058
    assert listed(world, clock, start_time=now + 1)["errcode"] == 40058


def test_the_list_comes_in_pages_newest_first(world: WecomWorld, clock: Clock) -> None:
    world.follow(LI, "wm-a")
    msgids = []
    for _ in range(3):
        msgids.append(send(world, ["wm-a"])["msgid"])
        clock.pass_seconds(1)
    now = int(clock().timestamp())
    body = {"chat_type": "single", "start_time": now - 60, "end_time": now, "limit": 2}
    first = world.post(APP, LIST, body)
    second = world.post(APP, LIST, body | {"cursor": first["next_cursor"]})
    rows = first["group_msg_list"] + second["group_msg_list"]
    assert [row["msgid"] for row in rows] == msgids[::-1]
