import re
from pathlib import Path
from xml.etree import ElementTree

import pytest

from infra.local.wecom import Delivery, WecomWorld
from tests.unit.simulator.scene import APP, CORP, FANS, LI, OTHER_APP, Clock

SAMPLES = Path(__file__).parents[2] / "events" / "wecom"


def fields(xml: str) -> list[str]:
    return [element.tag for element in ElementTree.fromstring(xml)]


def sample(name: str) -> list[str]:
    return fields((SAMPLES / f"{name}.xml").read_text(encoding="utf-8"))


def last(world: WecomWorld) -> str:
    return world.emitted[-1].xml


def test_customer_events_have_the_fields_of_the_samples(world: WecomWorld) -> None:
    world.follow(LI, "wm-a", state="shop")
    assert fields(last(world)) == sample("add_external_contact")
    world.half_follow(LI, "wm-b", state="shop")
    assert fields(last(world)) == sample("add_half_external_contact")
    world.edit(LI, "wm-a", remark="老")
    assert fields(last(world)) == [*sample("edit_external_contact"), "State"]
    world.unfollow(LI, "wm-a")
    assert fields(last(world)) == sample("del_follow_user")
    world.delete(LI, "wm-a", "DELETE_BY_TRANSFER")
    assert fields(last(world)) == sample("del_external_contact")


def test_group_and_tag_events_have_the_fields_of_the_samples(world: WecomWorld) -> None:
    world.create_chat(CORP, "wr-1", LI)
    assert fields(last(world)) == sample("chat_create")
    world.update_chat(CORP, "wr-1", "add_member", ["Jack", "Rose"])
    assert fields(last(world)) == sample("chat_update")
    world.dismiss_chat(CORP, "wr-1")
    assert fields(last(world)) == sample("chat_dismiss")
    tag = world.create_tag(CORP, "意向", "高")
    assert fields(last(world)) == [name for name in sample("tag_create") if name != "StrategyId"]
    world.rename_tag(CORP, tag, "很高")
    assert "<ChangeType><![CDATA[update]]>" in last(world)


def test_fan_events_have_the_fields_of_the_samples(world: WecomWorld) -> None:
    world.subscribe(FANS, "o-1")
    assert fields(last(world)) == sample("oa_subscribe")
    world.subscribe(FANS, "o-2", "123")
    assert fields(last(world)) == sample("oa_subscribe_scene")
    world.scan(FANS, "o-1", "123")
    assert fields(last(world)) == sample("oa_scan")
    world.click_menu(FANS, "o-1", "KEY")
    assert fields(last(world)) == sample("oa_click")
    world.write(FANS, "o-1", "在吗")
    assert fields(last(world)) == sample("oa_text")
    world.unsubscribe(FANS, "o-1")
    assert fields(last(world)) == sample("oa_unsubscribe")


def test_versions_of_a_group_form_a_chain(world: WecomWorld) -> None:
    world.create_chat(CORP, "wr-1", LI)
    world.update_chat(CORP, "wr-1", "add_member", ["a"])
    world.update_chat(CORP, "wr-1", "del_member", ["a"])
    first, second = (each.xml for each in world.emitted[1:])
    after = re.search(r"CurMemVer><!\[CDATA\[(\w+)", first)
    before = re.search(r"LastMemVer><!\[CDATA\[(\w+)", second)
    assert after is not None
    assert before is not None
    assert after.group(1) == before.group(1)


@pytest.mark.parametrize("text", ["]]>", "a]]>b<c>&amp;", "潮汐\x00\x0b😀", "<!DOCTYPE x>"])
def test_any_text_survives_the_xml(world: WecomWorld, text: str) -> None:
    world.subscribe(FANS, "o-1")
    world.write(FANS, "o-1", text)
    assert ElementTree.fromstring(last(world)).findtext("Content") == text.replace("\x00", "").replace("\x0b", "")


def test_every_app_of_the_corp_gets_the_event_and_no_other(world: WecomWorld, clock: Clock) -> None:
    heard: list[str] = []

    def hear(account: str) -> None:
        def deliver(xml: str) -> Delivery:
            heard.append(account)
            return Delivery(200, "", 1)

        world.connect(account, deliver)

    for account in (APP, OTHER_APP, FANS):
        hear(account)
    followed = world.follow(LI, "wm-a")
    assert heard == [APP]
    assert list(followed.deliveries) == [APP]
    assert followed.deliveries[APP].is_accepted
    assert followed.welcome_code in last(world)
    assert f"<CreateTime>{int(clock().timestamp())}</CreateTime>" in last(world)


def test_the_product_may_call_the_platform_while_it_takes_an_event(world: WecomWorld) -> None:
    def deliver(xml: str) -> Delivery:
        code = xml.partition("<WelcomeCode><![CDATA[")[2].partition("]]>")[0]
        body = {"welcome_code": code, "text": {"content": "你好"}}
        assert world.post(APP, "externalcontact/send_welcome_msg", body)["errcode"] == 0
        return Delivery(200, "", 1)

    world.connect(APP, deliver)
    world.follow(LI, "wm-a")
    assert len(world.inbox("wm-a")) == 1


def test_any_other_event_can_be_sent_as_given(world: WecomWorld) -> None:
    world.happen(CORP, "customer_acquisition", {"ChangeType": "balance_low"})
    assert fields(last(world)) == ["ToUserName", "FromUserName", "CreateTime", "MsgType", "Event", "ChangeType"]
