import json
import time

from infra.local.wecom import Request, WecomWorld
from infra.local.wecom.web.views import find_customers, stats
from tests.unit.simulator.scene import APP, LI, Clock

IDS = [f"wmAJ2GCAAAXtWyujaWJHDDGi0mACHA{number:06}" for number in range(20_000)]


def test_ten_thousand_receivers_in_a_world_of_twenty_thousand_take_a_tenth_of_a_second(
    world: WecomWorld, clock: Clock
) -> None:
    for each in IDS:
        world.follow(LI, each, f"客户{each[-6:]}")
    body = {"external_userid": IDS[:10_000], "sender": LI, "text": {"content": "早"}}
    data = json.dumps(body, ensure_ascii=False).encode()
    request = Request("POST", "externalcontact/add_msg_template", {"access_token": world.token(APP)}, data)

    # The processor's time, so that a busy machine does not count; the best of three, so that a pause does not.
    assert min(_seconds(world, request) for _ in range(3)) < 0.1
    clock.pass_seconds(60)
    assert world.confirm_all() == 3
    assert stats(world, {})["receivers"] == {"sent": 30_000}
    assert find_customers(world, "客户019999", 1)[1] == 1


def _seconds(world: WecomWorld, request: Request) -> float:
    began = time.thread_time()
    assert world.call(request).errcode == 0
    return time.thread_time() - began
