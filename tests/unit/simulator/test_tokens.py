from typing import Any

from infra.local.wecom import Request, WecomWorld
from tests.unit.simulator.scene import APP, CORP, FANS, OTHER_APP, Clock, small_world


def gettoken(world: WecomWorld, secret: str = "secret-tide", address: str = "10.0.0.1") -> dict[str, Any]:
    return world.call(Request("GET", "gettoken", {"corpid": CORP, "corpsecret": secret}, address=address)).json()


def staff_list(world: WecomWorld, token: str) -> int:
    query = {"access_token": token}
    code: int = world.call(Request("GET", "externalcontact/get_follow_user_list", query)).json()["errcode"]
    return code


def test_a_token_lives_two_hours_and_stays_the_same_meanwhile(world: WecomWorld, clock: Clock) -> None:
    first = gettoken(world)
    assert (first["errcode"], first["expires_in"]) == (0, 7200)
    clock.pass_seconds(7199)
    assert gettoken(world)["access_token"] == first["access_token"]
    assert staff_list(world, first["access_token"]) == 0
    clock.pass_seconds(1)
    assert staff_list(world, first["access_token"]) == 42001
    assert gettoken(world)["access_token"] != first["access_token"]


def test_a_missing_or_unknown_token_is_named_so(world: WecomWorld) -> None:
    assert staff_list(world, "") == 41001
    assert staff_list(world, "made-up") == 40014


def test_a_token_can_be_revoked_early_with_either_code(world: WecomWorld) -> None:
    first = gettoken(world)["access_token"]
    world.revoke_tokens(APP, 42001)
    assert staff_list(world, first) == 42001
    second = gettoken(world)["access_token"]
    assert second != first
    world.revoke_tokens(APP)
    assert staff_list(world, second) == 40014


def test_wrong_secrets_ban_the_address_for_an_hour_and_every_corp_with_it(world: WecomWorld, clock: Clock) -> None:
    codes = [gettoken(world, "wrong")["errcode"] for _ in range(6)]
    assert codes == [40001, 40001, 40001, 40001, 40001, 45009]
    assert gettoken(world)["errcode"] == 45009
    assert gettoken(world, address="10.0.0.2")["errcode"] == 0
    clock.pass_seconds(3601)
    assert gettoken(world)["errcode"] == 0


def test_a_token_of_an_official_account_opens_no_corp(world: WecomWorld) -> None:
    assert staff_list(world, world.token(FANS)) == 40014
    assert world.post(APP, "message/custom/send", {})["errcode"] == 40014


def test_two_corps_know_nothing_of_each_other(world: WecomWorld) -> None:
    world.follow("li", "wm-a")
    path = "externalcontact/get_follow_user_list"
    assert world.get(APP, path)["follow_user"] == ["li", "wang"]
    assert world.get(OTHER_APP, path)["follow_user"] == ["zhao"]
    assert world.get(OTHER_APP, "externalcontact/get", external_userid="wm-a")["errcode"] == 40096


def test_only_trusted_addresses_may_call_when_some_are_named(clock: Clock) -> None:
    world = small_world(clock, trusted_ips=["10.0.0.9"])
    assert gettoken(world)["errcode"] == 60020
    assert gettoken(world, address="10.0.0.9")["errcode"] == 0
