import json
from typing import Any

import pytest

from infra.local.wecom import Request, SimulatorError, WecomWorld
from tests.unit.simulator.scene import APP, FANS, Clock

SEND = "message/custom/send"


def token(world: WecomWorld, **change: Any) -> dict[str, Any]:
    body = {"grant_type": "client_credential", "appid": "wx-tide", "secret": "secret-fans"} | change
    return world.call(Request("POST", "stable_token", {}, json.dumps(body).encode())).json()


def write(world: WecomWorld, text: str = "好的", openid: str = "o-1") -> int:
    body = {"touser": openid, "msgtype": "text", "text": {"content": text}}
    errcode: int = world.post(FANS, SEND, body)["errcode"]
    return errcode


def test_the_stable_token_is_renewed_in_its_last_five_minutes_and_both_live(world: WecomWorld, clock: Clock) -> None:
    first = token(world)
    assert "errcode" not in first
    assert (token(world)["access_token"], first["expires_in"]) == (first["access_token"], 7200)
    clock.pass_seconds(6900)
    second = token(world)
    assert second["access_token"] != first["access_token"]
    world.subscribe(FANS, "o-1")
    body = json.dumps({"touser": "o-1", "msgtype": "text", "text": {"content": "hi"}}).encode()
    old = world.call(Request("POST", SEND, {"access_token": first["access_token"]}, body)).json()
    assert old["errcode"] == 0


def test_a_forced_token_ends_the_old_one_and_is_not_given_twice_in_half_a_minute(world: WecomWorld) -> None:
    first = token(world)["access_token"]
    assert token(world, force_refresh=True)["access_token"] != first
    assert world.call(Request("POST", SEND, {"access_token": first}, b"{}")).json()["errcode"] == 40001
    assert token(world, force_refresh=True)["errcode"] == 45009


@pytest.mark.parametrize(
    ("change", "errcode"),
    [({"grant_type": "x"}, 40002), ({"appid": "wx-none"}, 40013), ({"secret": "x"}, 40125), ({"secret": ""}, 40125)],
)
def test_credentials_of_an_official_account_are_checked(
    world: WecomWorld, change: dict[str, Any], errcode: int
) -> None:
    assert token(world, **change)["errcode"] == errcode


def test_a_text_of_the_fan_earns_five_messages_for_two_days(world: WecomWorld, clock: Clock) -> None:
    world.subscribe(FANS, "o-1")
    clock.pass_seconds(60)
    assert write(world) == 45015
    world.write(FANS, "o-1", "在吗")
    clock.pass_days(1.9)
    assert [write(world) for _ in range(6)] == [0, 0, 0, 0, 0, 45047]
    clock.pass_days(0.2)
    assert write(world) == 45015
    assert [each.content.text for each in world.inbox("o-1")] == ["好的"] * 5


@pytest.mark.parametrize("gesture", ["subscribe", "click", "scan"])
def test_following_tapping_and_scanning_earn_three_messages_for_a_minute(
    world: WecomWorld, clock: Clock, gesture: str
) -> None:
    world.subscribe(FANS, "o-1", scene="shop-1")
    if gesture != "subscribe":
        clock.pass_seconds(61)
    if gesture == "click":
        world.click_menu(FANS, "o-1", "MENU")
    if gesture == "scan":
        world.scan(FANS, "o-1", "shop-2")
    clock.pass_seconds(59)
    assert [write(world) for _ in range(4)] == [0, 0, 0, 45047]
    clock.pass_seconds(1)
    assert write(world) == 45015


def test_only_fans_can_be_written_to(world: WecomWorld) -> None:
    world.subscribe(FANS, "o-1")
    world.unsubscribe(FANS, "o-1")
    assert write(world) == 43004
    assert write(world, openid="o-none") == 40003
    with pytest.raises(SimulatorError, match="does not follow"):
        world.write(FANS, "o-1", "hi")
    with pytest.raises(SimulatorError, match="not an Official Account"):
        world.subscribe(APP, "o-1")


@pytest.mark.parametrize(
    ("body", "errcode"),
    [
        ({"touser": "o-1", "msgtype": "poem", "poem": {}}, 40008),
        ({"touser": "o-1"}, 40008),
        ({"touser": "o-1", "msgtype": "text", "text": {"content": ""}}, 44004),
        ({"touser": "o-1", "msgtype": "text", "text": {"content": "a" * 2049}}, 45002),
        ({"touser": "o-1", "msgtype": "miniprogrampage", "miniprogrampage": {"title": "预约"}}, 0),
    ],
)
def test_service_messages_are_checked(world: WecomWorld, body: dict[str, Any], errcode: int) -> None:
    world.subscribe(FANS, "o-1")
    assert world.post(FANS, SEND, body)["errcode"] == errcode
