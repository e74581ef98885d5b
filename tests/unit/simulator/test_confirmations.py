from datetime import timedelta

from infra.local.wecom import ConfirmPolicy, WecomWorld
from tests.unit.simulator.scene import LI, WANG, Clock, results, send, small_world


def test_a_policy_confirms_at_its_own_time_however_late_anybody_looks(world: WecomWorld, clock: Clock) -> None:
    world.follow(LI, "wm-a")
    world.set_confirm_policy(ConfirmPolicy(timedelta(seconds=90)))
    send(world, ["wm-a"])
    due = clock() + timedelta(seconds=90)
    clock.pass_seconds(89)
    assert len(world.waiting()) == 1
    clock.pass_seconds(1000)
    assert world.waiting() == []
    assert [message.at for message in world.inbox("wm-a")] == [due]


def test_a_policy_waits_for_the_dispatch(world: WecomWorld, clock: Clock) -> None:
    world.follow(LI, "wm-a")
    world.set_confirm_policy(ConfirmPolicy(timedelta(0)))
    msgid = send(world, ["wm-a"])["msgid"]
    assert world.inbox("wm-a") == []
    clock.pass_seconds(60)
    assert results(world, msgid) == {"wm-a": 1}


def sent_under(seed: int, probability: float) -> list[int]:
    clock = Clock()
    world = small_world(clock, dispatch_delay=0)
    world.set_confirm_policy(ConfirmPolicy(timedelta(seconds=1), probability, seed))
    world.follow(LI, "wm-a")
    msgids = [send(world, ["wm-a"], str(number))["msgid"] for number in range(20)]
    clock.pass_seconds(5)
    return [results(world, msgid)["wm-a"] for msgid in msgids]


def test_some_tasks_are_never_confirmed_and_the_seed_says_which() -> None:
    fates = sent_under(1, 0.5)
    assert set(fates) == {0, 1}
    assert sent_under(1, 0.5) == fates
    assert sent_under(2, 0.5) != fates
    assert set(sent_under(1, 0.0)) == {0}
    assert set(sent_under(1, 1.0)) == {1}


def test_without_a_policy_nothing_is_confirmed(world: WecomWorld, clock: Clock) -> None:
    world.follow(LI, "wm-a")
    world.set_confirm_policy(ConfirmPolicy(timedelta(0)))
    world.set_confirm_policy(None)
    send(world, ["wm-a"])
    clock.pass_days(3)
    assert len(world.waiting()) == 1


def test_all_of_one_staff_member_can_be_confirmed_at_once(world: WecomWorld, clock: Clock) -> None:
    world.follow(LI, "wm-a")
    world.follow(WANG, "wm-b")
    send(world, ["wm-a"])
    send(world, ["wm-b"], sender=WANG)
    assert world.confirm_all() == 0, "nothing is dispatched yet"
    clock.pass_seconds(60)
    assert world.confirm_all(WANG) == 1
    assert [task.userid for task in world.waiting()] == [LI]
    assert world.confirm_all() == 1
