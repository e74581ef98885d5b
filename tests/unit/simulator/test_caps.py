from datetime import UTC, datetime

import pytest

from infra.local.wecom.state.group_sends import period_of
from tests.unit.simulator.scene import LI, WANG, Clock, results, send, small_world


@pytest.mark.parametrize(
    ("cap", "now", "start", "most"),
    [
        ("month", "2026-11-22T04:00", "2026-10-31T16:00", 30),
        ("month", "2026-10-31T16:00", "2026-10-31T16:00", 30),
        ("month", "2026-10-31T15:59", "2026-09-30T16:00", 31),
        ("month", "2028-02-10T00:00", "2028-01-31T16:00", 29),
        ("week", "2026-11-22T04:00", "2026-11-15T16:00", 7),
        ("week", "2026-11-22T16:00", "2026-11-22T16:00", 7),
        ("day", "2026-11-22T04:00", "2026-11-21T16:00", 1),
    ],
)
def test_periods_are_those_of_the_platforms_calendar(cap: str, now: str, start: str, most: int) -> None:
    moment, allowed = period_of(datetime.fromisoformat(now).replace(tzinfo=UTC), cap)
    assert (moment.astimezone(UTC), allowed) == (datetime.fromisoformat(start).replace(tzinfo=UTC), most)


@pytest.mark.parametrize(("cap", "most", "next_period"), [("month", 30, 9), ("week", 7, 1), ("day", 1, 1)])
def test_beyond_the_cap_a_customer_receives_nothing_until_the_next_period(
    clock: Clock, cap: str, most: int, next_period: int
) -> None:
    world = small_world(clock, cap=cap, dispatch_delay=0)
    world.follow(LI, "wm-a")
    fates = []
    for _ in range(most + 1):
        msgid = send(world, ["wm-a"])["msgid"]
        world.confirm(LI, msgid)
        fates.append(results(world, msgid)["wm-a"])
    assert fates == [1] * most + [3]
    assert len(world.inbox("wm-a")) == most
    clock.pass_days(next_period)
    msgid = send(world, ["wm-a"])["msgid"]
    world.confirm(LI, msgid)
    assert results(world, msgid) == {"wm-a": 1}


def test_the_cap_counts_every_staff_member_and_sends_by_hand(clock: Clock) -> None:
    world = small_world(clock, cap="day", dispatch_delay=0)
    world.follow(LI, "wm-a")
    world.follow(WANG, "wm-a")
    assert world.send_by_hand(WANG, ["wm-a"], "手写").sent == 1
    msgid = send(world, ["wm-a"])["msgid"]
    assert world.confirm(LI, msgid).capped == 1
    assert results(world, msgid) == {"wm-a": 3}


def test_the_cap_is_met_at_sending_and_not_at_creation(clock: Clock) -> None:
    world = small_world(clock, cap="day", dispatch_delay=0)
    world.follow(LI, "wm-a")
    msgids = [send(world, ["wm-a"])["msgid"] for _ in range(2)]
    assert world.confirm_all() == 2
    assert [results(world, msgid)["wm-a"] for msgid in msgids] == [1, 3]
