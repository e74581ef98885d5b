import threading
from typing import Any

import pytest

from infra.local.wecom import Rules, SimulatorError, WecomWorld
from tests.unit.simulator.scene import APP, LI, OTHER_APP, Clock, raw, small_world

LIST = "externalcontact/get_corp_tag_list"


def codes(world: WecomWorld, count: int, path: str = LIST, account: str = APP) -> list[int]:
    return [world.post(account, path, {})["errcode"] for _ in range(count)]


def test_too_many_calls_a_minute_shut_one_api_of_one_corp_for_a_minute(clock: Clock) -> None:
    world = small_world(clock, calls_a_minute=2)
    assert codes(world, 3) == [0, 0, 45009]
    assert codes(world, 1, account=OTHER_APP) == [0]
    assert world.get(APP, "externalcontact/get_follow_user_list")["errcode"] == 0
    clock.pass_seconds(59)
    assert codes(world, 1) == [45009]
    clock.pass_seconds(1)
    assert codes(world, 1) == [0]


def test_too_many_calls_an_hour_shut_it_for_an_hour(clock: Clock) -> None:
    world = small_world(clock, calls_an_hour=2)
    assert codes(world, 3) == [0, 0, 45009]
    clock.pass_seconds(3599)
    assert codes(world, 1) == [45009]
    clock.pass_seconds(1)
    assert codes(world, 1) == [0]


def test_more_calls_at_once_than_allowed_are_refused() -> None:
    clock, both = Clock(), threading.Barrier(2, timeout=5)
    # Each call waits, outside the lock, until the other has arrived: both are in flight.
    world = WecomWorld(clock, Rules().changed({"calls_at_once": 1, "latency": 1}), sleep=lambda seconds: _meet(both))
    template = small_world(clock)
    for account in template.state.accounts.values():
        world.add_account(account)
    answers: list[int] = []
    threads = [threading.Thread(target=lambda: answers.extend(codes(world, 1))) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert 45033 in answers


def _meet(barrier: threading.Barrier) -> None:
    barrier.wait()


@pytest.mark.parametrize(
    ("body", "errcode"),
    [
        (b'{"tag_id":[]}', 0),
        (b'{"tag_id":["\\u6f6e"]}', 40033),
        (b'{"tag_id":["\\\\u6f6e"]}', 0),
        (b'{"tag_id":["\\\\\\u6f6e"]}', 40033),
        ('{"tag_id":["潮"]}'.encode("gbk"), 40058),
        (b"", 40058),
        (b"[]", 40058),
        (b"{", 40058),
        (b"tag_id=1", 40058),
    ],
)
def test_bodies_are_json_objects_in_utf_8_without_escapes(world: WecomWorld, body: bytes, errcode: int) -> None:
    assert raw(world, LIST, body)["errcode"] == errcode


def test_escapes_can_be_allowed(clock: Clock) -> None:
    world = small_world(clock, refuse_escapes=False)
    assert raw(world, LIST, b'{"tag_id":["\\u6f6e"]}')["errcode"] == 0


def test_a_wrong_method_and_an_unknown_path_are_refused(world: WecomWorld) -> None:
    assert world.get(APP, LIST)["errcode"] == 40058
    assert world.post(APP, "externalcontact/list", {})["errcode"] == 40058
    assert world.post(APP, "externalcontact/unheard_of", {})["errcode"] == 404


@pytest.mark.parametrize(
    "change", [{"cap": "year"}, {"capp": "day"}, {"ban": "1h"}, {"wrong_secrets": 2.5}, {"refuse_escapes": 1}]
)
def test_rules_that_mean_nothing_are_refused(world: WecomWorld, change: dict[str, Any]) -> None:
    before = world.rules
    with pytest.raises(SimulatorError):
        world.change_rules(change)
    assert world.rules is before


def test_a_change_of_rules_holds_from_the_next_call_on(world: WecomWorld) -> None:
    world.change_rules({"calls_a_minute": 1})
    world.follow(LI, "wm-a")
    assert codes(world, 2) == [0, 45009]
