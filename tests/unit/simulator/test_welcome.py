from datetime import timedelta
from typing import Any

import pytest

from infra.local.wecom import WecomWorld
from tests.unit.simulator.scene import APP, CORP, LI, OTHER_APP, Clock

PATH = "externalcontact/send_welcome_msg"


def welcome(world: WecomWorld, code: str, account: str = APP, **content: Any) -> int:
    body = {"welcome_code": code, **(content or {"text": {"content": "你好"}})}
    errcode: int = world.post(account, PATH, body)["errcode"]
    return errcode


def test_a_code_greets_once_within_twenty_seconds(world: WecomWorld, clock: Clock) -> None:
    code = world.follow(LI, "wm-a").welcome_code
    clock.pass_seconds(20)
    assert welcome(world, code) == 0
    assert welcome(world, code) == 41051
    (message,) = world.inbox("wm-a")
    assert (message.source, message.sender, message.content.text, message.at) == ("welcome", LI, "你好", clock())


def test_a_code_older_than_twenty_seconds_is_not_valid(world: WecomWorld, clock: Clock) -> None:
    code = world.follow(LI, "wm-a").welcome_code
    clock.pass_seconds(20.001)
    assert welcome(world, code) == 41050
    assert world.inbox("wm-a") == []


def test_a_code_is_of_one_corp_and_must_be_there(world: WecomWorld) -> None:
    code = world.follow(LI, "wm-a").welcome_code
    assert welcome(world, code, OTHER_APP) == 41050
    assert welcome(world, "made-up") == 41050
    assert welcome(world, "") == 41049


@pytest.mark.parametrize(("succeeds", "afterwards"), [(True, 41051), (False, 0)])
def test_another_app_that_is_sending_means_come_back(
    world: WecomWorld, clock: Clock, succeeds: bool, afterwards: int
) -> None:
    code = world.follow(LI, "wm-a").welcome_code
    world.welcome_elsewhere(CORP, code, timedelta(seconds=3), succeeds)
    assert welcome(world, code) == 41096
    clock.pass_seconds(3)
    assert welcome(world, code) == afterwards


def test_nobody_is_welcomed_after_they_chatted_or_were_deleted(world: WecomWorld) -> None:
    chatted, deleted = world.follow(LI, "wm-a").welcome_code, world.follow(LI, "wm-b").welcome_code
    world.chat(LI, "wm-a")
    world.delete(LI, "wm-b")
    assert (welcome(world, chatted), welcome(world, deleted)) == (41051, 84061)


def test_no_code_comes_from_a_console_welcome_a_wecom_user_or_an_old_chat(world: WecomWorld) -> None:
    world.add_staff(CORP, "console", has_own_welcome=True)
    assert world.follow("console", "wm-a").welcome_code == ""
    assert world.follow(LI, "wm-b", kind=2).welcome_code == ""
    world.follow(LI, "wm-c")
    world.chat(LI, "wm-c")
    world.unfollow(LI, "wm-c")
    assert world.follow(LI, "wm-c").welcome_code == ""


def link(**fields: Any) -> dict[str, Any]:
    return {"msgtype": "link", "link": {"title": "t", "url": "https://x.test/", **fields}}


@pytest.mark.parametrize(
    ("content", "errcode"),
    [
        ({"text": {"content": "a" * 4000}}, 0),
        ({"text": {"content": "a" * 4001}}, 45002),
        ({"text": {"content": "潮" * 1333}}, 0),
        ({"text": {"content": "潮" * 1334}}, 45002),
        ({"text": {"content": ""}}, 40063),
        ({"text": "hello"}, 40058),
        ({"attachments": [link()] * 9}, 0),
        ({"attachments": [link()] * 10}, 41064),
        ({"attachments": [{"msgtype": "poem", "poem": {}}]}, 41065),
        ({"attachments": [{"msgtype": "link"}]}, 40063),
        ({"attachments": [link(title="潮" * 42)]}, 0),
        ({"attachments": [link(title="潮" * 43)]}, 40058),
        ({"attachments": [link(desc="d" * 513)]}, 40058),
        ({"attachments": [link(title="")]}, 40063),
        ({"attachments": [link(url="javascript:alert(1)")]}, 40058),
        ({"attachments": [{"msgtype": "image", "image": {}}]}, 40063),
        ({"attachments": [{"msgtype": "image", "image": {"media_id": "none"}}]}, 40007),
        ({"attachments": [{"msgtype": "image", "image": {"pic_url": "https://elsewhere.test/a.png"}}]}, 40058),
        ({"attachments": [{"msgtype": "video", "video": {"media_id": "none"}}]}, 40007),
        ({"attachments": [{"msgtype": "file", "file": {}}]}, 40063),
        ({"attachments": [{"msgtype": "miniprogram", "miniprogram": {"title": "t", "appid": "wx1"}}]}, 40063),
    ],
)
def test_contents_are_measured_in_bytes(world: WecomWorld, content: dict[str, Any], errcode: int) -> None:
    code = world.follow(LI, "wm-a").welcome_code
    assert welcome(world, code, **content) == errcode


def test_a_refused_content_does_not_use_up_the_code(world: WecomWorld) -> None:
    code = world.follow(LI, "wm-a").welcome_code
    assert welcome(world, code, text={"content": "a" * 4001}) == 45002
    assert welcome(world, code) == 0
