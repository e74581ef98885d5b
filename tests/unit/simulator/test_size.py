import json

from infra.local.wecom import Request, WecomWorld
from infra.local.wecom.web.views import find_customers, stats
from tests.unit.simulator.scene import APP, LI, Clock

IDS = [f"wmAJ2GCAAAXtWyujaWJHDDGi0mACHA{number:06}" for number in range(20_000)]


def test_ten_thousand_receivers_fit_into_a_world_of_twenty_thousand(world: WecomWorld, clock: Clock) -> None:
    for each in IDS:
        world.follow(LI, each, f"客户{each[-6:]}")
    body = {"external_userid": IDS[:10_000], "sender": LI, "text": {"content": "早"}}
    data = json.dumps(body, ensure_ascii=False).encode()
    request = Request("POST", "externalcontact/add_msg_template", {"access_token": world.token(APP)}, data)
    assert world.call(request).errcode == 0
    clock.pass_seconds(60)
    assert world.confirm_all() == 1
    assert stats(world, {})["receivers"] == {"sent": 10_000}
    assert find_customers(world, "客户019999", 1)[1] == 1
