import json

import pytest

from infra.local.wecom import FaultKind, LostConnectionError, Request, SimulatorError, WecomWorld
from tests.unit.simulator.scene import APP, CORP, LI, Clock, send

PATH = "externalcontact/add_msg_template"


def test_an_errcode_on_demand_has_no_effect_and_is_gone_after_its_times(world: WecomWorld) -> None:
    world.follow(LI, "wm-a")
    world.faults.add(PATH, "errcode", times=2, errcode=45009)
    assert [send(world, ["wm-a"])["errcode"] for _ in range(3)] == [45009, 45009, 0]
    assert len(world.waiting()) == 1


def test_a_call_that_times_out_before_has_no_effect(world: WecomWorld) -> None:
    world.follow(LI, "wm-a")
    world.faults.add(PATH, FaultKind.TIMEOUT_BEFORE)
    with pytest.raises(LostConnectionError) as lost:
        send(world, ["wm-a"])
    assert lost.value.hold_seconds == 30
    assert world.waiting() == []


def test_a_call_that_is_dropped_after_has_its_effect(world: WecomWorld) -> None:
    world.follow(LI, "wm-a")
    world.faults.add(PATH, FaultKind.DROP_AFTER)
    with pytest.raises(LostConnectionError):
        send(world, ["wm-a"])
    assert len(world.waiting()) == 1


def test_a_status_500_has_no_effect_and_garbage_has(world: WecomWorld) -> None:
    world.follow(LI, "wm-a")
    world.faults.add(PATH, "http_500")
    world.faults.add(PATH, "garbage")
    body = json.dumps({"external_userid": ["wm-a"], "sender": LI, "text": {"content": "早"}}).encode()
    request = Request("POST", PATH, {"access_token": world.token(APP)}, body)
    world.change_rules({"refuse_escapes": False})
    assert (world.call(request).status, len(world.waiting())) == (500, 0)
    answer = world.call(request)
    assert (answer.status, len(world.waiting())) == (200, 1)
    with pytest.raises(UnicodeDecodeError):
        answer.json()


def test_a_slow_call_takes_its_seconds(world: WecomWorld, clock: Clock) -> None:
    world.follow(LI, "wm-a")
    world.faults.add(PATH, "slow", seconds=7)
    before = clock()
    assert send(world, ["wm-a"])["errcode"] == 0
    assert (clock() - before).total_seconds() == 7


def test_a_fault_can_let_calls_pass_first(world: WecomWorld) -> None:
    world.follow(LI, "wm-a")
    world.faults.add(PATH, "errcode", errcode=-1, skip=1)
    assert [send(world, ["wm-a"])["errcode"] for _ in range(3)] == [0, -1, 0]


def test_faults_of_one_path_queue_up_and_a_star_meets_every_path(world: WecomWorld) -> None:
    world.faults.add("*", "errcode", errcode=-1)
    world.faults.add("externalcontact/list", "errcode", errcode=6000)
    codes = [world.get(APP, "externalcontact/list", userid=LI)["errcode"] for _ in range(3)]
    assert codes == [-1, 6000, 84061]
    assert world.faults.queued() == []


def test_a_fault_nobody_knows_is_refused(world: WecomWorld) -> None:
    for kind, times in (("earthquake", 1), ("slow", 0)):
        with pytest.raises(SimulatorError):
            world.faults.add(PATH, kind, times=times)


def test_the_log_keeps_every_call_with_its_fate_and_no_secret(world: WecomWorld) -> None:
    world.follow(LI, "wm-a")
    world.call(Request("GET", "gettoken", {"corpid": CORP, "corpsecret": "secret-tide"}))
    send(world, ["wm-a"])
    world.faults.add(PATH, "drop_after")
    with pytest.raises(LostConnectionError):
        send(world, ["wm-a"])
    assert [(call.account, call.path, call.errcode, call.fault) for call in world.calls] == [
        ("", "gettoken", 0, ""),
        (APP, PATH, 0, ""),
        (APP, PATH, None, "drop_after"),
    ]
    assert "secret-tide" not in repr(world.calls)
    assert world.calls[0].body == {"corpid": CORP}


def test_the_same_request_has_the_same_fingerprint_in_another_run(clock: Clock, world: WecomWorld) -> None:
    ids = [f"wm-{number}" for number in range(30)]
    for each in ids:
        world.follow(LI, each)
    send(world, ids)
    clock.pass_seconds(5)
    send(world, ids)
    send(world, ids[1:])
    same, again, other = (call.fingerprint for call in world.calls)
    assert same == again
    assert same != other
    assert world.calls[0].body["external_userid"]["count"] == 30
