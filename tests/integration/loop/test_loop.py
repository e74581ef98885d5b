"""From a follow to a delivered step."""

from datetime import timedelta

import pytest

from tests.harness.wecom import WecomCloud
from tests.integration.loop.scenario import set_aside
from tests.integration.loop.story import DAY, HOUR, customer, published, pushes_of, run_of, said, staffed, texts
from tests.unit.loop.world import DRAFT

MINUTE = timedelta(minutes=1)


@pytest.fixture(autouse=True)
def _playbook(cloud: WecomCloud) -> None:
    published()
    staffed(cloud, "li", "mei")


def test_a_follower_is_greeted_by_name_and_nudged_two_hours_later(cloud):
    cloud.wecom.follow("li", "wm1", "小王", "expo")
    cloud.run_until_quiet()
    assert texts(cloud, "wm1") == ["小王您好"]
    cloud.run_for(2 * HOUR + 3 * MINUTE)
    cloud.wecom.confirm_all()
    cloud.run_for(HOUR)
    assert texts(cloud, "wm1") == ["小王您好", "您好"]
    assert [(push.step, push.state) for push in pushes_of("wm1")] == [("nudge", "delivered")]


def test_a_reply_moves_what_follows_and_the_nudge_is_not_sent_but_reasoned(cloud):
    cloud.wecom.follow("li", "wm1", "小王")
    cloud.run_for(HOUR)
    said(cloud, "wm1", "Message Received", text="在吗")
    cloud.run_for(2 * HOUR)
    assert "replied" in customer("wm1").tags
    assert [(push.step, push.state, push.reason) for push in pushes_of("wm1")] == [("nudge", "skipped", "unless")]
    assert cloud.wecom.waiting() == []


def test_silence_cools_a_customer_and_a_new_look_at_the_prices_warms_them_again(cloud):
    cloud.wecom.follow("li", "wm1", "小王")
    cloud.run_for(3 * HOUR)
    assert run_of("wm1").stage == "cold"
    for _ in range(2):
        said(cloud, "wm1", "page", name="price list")
        cloud.run_for(MINUTE)
    assert (run_of("wm1").stage, run_of("wm1").step) == ("hot", "offer")


def test_an_order_wins_the_customer_and_begins_a_run_of_its_own(cloud):
    cloud.wecom.follow("li", "wm1", "小王")
    said(cloud, "wm1", "Order Completed", order_id="A17")
    cloud.run_until_quiet()
    assert (run_of("wm1").stage, run_of("wm1").state) == ("won", "finished")
    assert run_of("wm1", "order#A17").step == "thank"


def test_an_unfollow_ends_every_run_at_once_and_nothing_more_is_sent(cloud):
    cloud.wecom.follow("li", "wm1", "小王")
    cloud.run_for(HOUR)
    cloud.wecom.unfollow("li", "wm1")
    cloud.run_for(5 * DAY)
    assert (run_of("wm1").state, run_of("wm1").reason) == ("exited", "unfollowed")
    assert pushes_of("wm1") == []


def test_two_customers_of_one_staff_member_on_different_steps_in_one_minute_get_only_their_own(cloud):
    cloud.wecom.follow("li", "wm1", "小王")
    cloud.wecom.follow("li", "wm2", "小李")
    cloud.run_for(HOUR)
    said(cloud, "wm1", "Message Received", text="在吗")
    cloud.run_for(49 * MINUTE)
    for _ in range(2):
        said(cloud, "wm1", "page", name="price")
        cloud.run_for(MINUTE)
    cloud.run_for(15 * MINUTE)
    assert [push.slot for push in pushes_of("wm1")] == [push.slot for push in pushes_of("wm2")]
    cloud.wecom.confirm_all()
    assert texts(cloud, "wm1")[1:] == ["报价"]
    assert texts(cloud, "wm2")[1:] == ["您好"]


def test_one_who_joins_an_hour_later_changes_nothing_for_the_first(cloud):
    cloud.wecom.follow("li", "wm1", "小王")
    cloud.run_until_quiet()
    alone = run_of("wm1")
    cloud.run_for(HOUR)
    cloud.wecom.follow("li", "wm2", "小李")
    cloud.run_until_quiet()
    assert run_of("wm1") == alone
    assert alone.due_at
    assert run_of("wm2").due_at == alone.due_at + HOUR


def test_nudges_due_in_one_quarter_of_an_hour_are_one_task_a_staff_member(cloud):
    cloud.run_for(MINUTE)
    for number in range(6):
        cloud.wecom.follow("li" if number < 4 else "mei", f"wm{number}", "客户")
        cloud.run_for(2 * MINUTE)
    cloud.run_for(3 * HOUR)
    tasks = [call for call in cloud.wecom.calls if call.path == "externalcontact/add_msg_template"]
    assert [len(call.body["external_userid"]) for call in tasks] == [4, 2]


def test_a_message_due_at_night_waits_for_the_morning(cloud):
    published(rules=[rule for rule in DRAFT["rules"] if rule["id"] != "silent"])
    cloud.run_until(cloud.now.replace(hour=13))  # 21:00 in Shanghai
    cloud.wecom.follow("li", "wm1", "小王")
    cloud.run_for(3 * HOUR)
    morning = cloud.now.replace(hour=23, minute=0)
    assert (run_of("wm1").due_at, run_of("wm1").reason, pushes_of("wm1")) == (morning, "quiet_hours", [])
    cloud.run_for(8 * HOUR)
    assert [push.slot for push in pushes_of("wm1")] == [morning]


def test_nothing_runs_when_nothing_is_due(cloud):
    cloud.wecom.follow("li", "wm1", "小王")
    cloud.run_for(3 * HOUR)
    cloud.wecom.confirm_all()
    cloud.run_for(4 * DAY)
    before = len(cloud.invocations)
    cloud.run_for(30 * DAY)
    assert len(cloud.invocations) == before


def test_nothing_is_set_aside_on_the_way(cloud):
    cloud.wecom.follow("li", "wm1", "小王")
    cloud.run_for(3 * DAY)
    assert set_aside(cloud) == {}
