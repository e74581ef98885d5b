from typing import Any

import pytest

from infra.local.wecom import WecomWorld
from tests.unit.simulator.scene import APP, CORP, LI, WANG, Clock

PATH = "message/send"


def message(**change: Any) -> dict[str, Any]:
    return {"touser": LI, "msgtype": "text", "agentid": 7, "text": {"content": "待办"}} | change


def card(task_id: str, **change: Any) -> dict[str, Any]:
    template = {"card_type": "button_interaction", "task_id": task_id, "main_title": {"title": "待办"}}
    return {"touser": LI, "msgtype": "template_card", "agentid": 7, "template_card": template} | change


def test_staff_receive_and_unknown_ids_come_back_in_lower_case(world: WecomWorld) -> None:
    answer = world.post(APP, PATH, message(touser=f"{LI}|Ghost"))
    assert (answer["errcode"], answer["invaliduser"]) == (0, "ghost")
    (received,) = world.staff_inbox(LI)
    assert (received.content.text, received.msgid) == ("待办", answer["msgid"])
    assert world.post(APP, PATH, message(touser="@all"))["errcode"] == 0
    assert len(world.staff_inbox(WANG)) == 1


@pytest.mark.parametrize(
    ("body", "errcode"),
    [
        (message(touser="Ghost"), 81013),
        (message(touser="|".join(["li"] * 1001)), 40032),
        (message(agentid=8), 40056),
        (message(msgtype="poem"), 40008),
        (message(msgtype=""), 40008),
        (message(text={"content": ""}), 44004),
        (message(text={"content": "潮" * 683}), 45002),
        (message(text=None), 40063),
        (card("not allowed!"), 42014),
        (card("a" * 129), 42014),
    ],
)
def test_messages_to_staff_are_checked(world: WecomWorld, body: dict[str, Any], errcode: int) -> None:
    assert world.post(APP, PATH, body)["errcode"] == errcode
    assert world.staff_inbox(LI) == []


def test_a_card_has_a_response_code_and_a_task_id_of_its_own(world: WecomWorld) -> None:
    first = world.post(APP, PATH, card("task-1"))
    assert first["response_code"]
    assert world.post(APP, PATH, card("task-1"))["errcode"] == 42014
    world.click_card(APP, LI, "task-1", "done")
    assert "<EventKey><![CDATA[done]]></EventKey>" in world.emitted[0].xml
    assert "<AgentID>7</AgentID>" in world.emitted[0].xml


def test_the_same_message_twice_arrives_once_when_asked_to_check(world: WecomWorld, clock: Clock) -> None:
    checked = message(enable_duplicate_check=1, duplicate_check_interval=600)
    for _ in range(2):
        assert world.post(APP, PATH, checked)["errcode"] == 0
    assert len(world.staff_inbox(LI, CORP)) == 1
    clock.pass_seconds(600)
    world.post(APP, PATH, checked)
    assert len(world.staff_inbox(LI, CORP)) == 2
    assert world.post(APP, PATH, checked | {"duplicate_check_interval": 14_401})["errcode"] == 40058


def test_more_than_thirty_a_minute_vanish_without_a_word(world: WecomWorld) -> None:
    assert {world.post(APP, PATH, message())["errcode"] for _ in range(31)} == {0}
    assert len(world.staff_inbox(LI)) == 30
