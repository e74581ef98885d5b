"""Every event of WeCom, Official Accounts and mini-programs, and the behaviour that it becomes."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

import pytest

from chalicelib.domain.behaviour import Behaviour
from chalicelib.schemas.wechat.body import parse_body
from chalicelib.schemas.wechat.event import Origin
from chalicelib.schemas.wechat.events import is_unknown, read_event
from tests.unit.incoming.expected import EXPECTED

NOW = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)
EVENTS = Path(__file__).parents[2] / "events" / "wecom"
WECOM = Origin("main", "wecom", "ww1")
OFFICIAL = Origin("shop-oa", "official_account", "wx9")


def origin_of(name: str) -> Origin:
    return OFFICIAL if name.startswith("oa_") else WECOM


def read(name: str) -> Behaviour:
    return read_event(parse_body((EVENTS / f"{name}.xml").read_bytes()), origin_of(name), NOW)


def event(kind: Literal["wecom", "oa"] = "wecom", **fields: Any) -> Behaviour:
    raw = {"MsgType": "event", "CreateTime": "1700000000", **fields}
    return read_event(raw, WECOM if kind == "wecom" else OFFICIAL, NOW)


def added(**changed: Any) -> Behaviour:
    fields = {"ChangeType": "add_external_contact", "UserID": "li", "ExternalUserID": "wm1", "WelcomeCode": "c1"}
    return event(Event="change_external_contact", FromUserName="sys", **{**fields, **changed})


@pytest.mark.parametrize("name", sorted(path.stem for path in EVENTS.glob("*.xml")))
def test_every_event_that_is_on_file_becomes_its_behaviour(name: str) -> None:
    found = read(name)
    assert (found.name, found.subject, found.kind, found.properties) == EXPECTED[name]
    assert found.account == origin_of(name).account
    assert found.source == origin_of(name).kind
    assert found.received_at == NOW


def test_a_follow_carries_its_staff_member_its_time_and_its_welcome_code() -> None:
    follow = read("add_external_contact")
    assert (follow.staff, follow.welcome_code) == ("zhangsan", "WELCOMECODE")
    assert follow.occurred_at == datetime.fromtimestamp(1403610513, UTC)


def test_an_empty_welcome_code_is_none() -> None:
    assert added(WelcomeCode="").welcome_code is None


@pytest.mark.parametrize("change", ["balance_low", "link_unavailable", "friend_request", "message_from_customer"])
def test_what_happens_to_a_link_concerns_the_account(change: str) -> None:
    found = event(Event="customer_acquisition", ChangeType=change, LinkId="l1", FromUserName="sys")
    assert (found.name, found.subject, found.kind) == (f"wecom.acquisition_{change}", "account:main", "account")


@pytest.mark.parametrize(
    ("fields", "name", "subject"),
    [
        ({"Event": "LOCATION", "FromUserName": "li", "Latitude": "1.5"}, "wecom.location", "wecom-staff:ww1:li"),
        ({"Event": "inactive_alert", "FromUserName": "sys"}, "wecom.inactive_alert", "account:main"),
        ({"Event": "batch_job_result", "FromUserName": "sys"}, "wecom.batch_job_result", "account:main"),
        ({"Event": "change_contact", "ChangeType": "create_party", "Id": "7"}, "wecom.create_party", "account:main"),
        ({"Event": "change_external_tag", "ChangeType": "shuffle", "Id": ""}, "wecom.tag_shuffle", "wecom-tag:ww1:all"),
        ({"MsgType": "text", "FromUserName": "li", "Content": "hi"}, "wecom.message", "wecom-staff:ww1:li"),
    ],
)
def test_an_event_of_staff_or_of_the_app_is_told_from_those_of_customers(
    fields: dict[str, Any], name: str, subject: str
) -> None:
    found = event(**fields)
    assert (found.name, found.subject) == (name, subject)
    assert found.kind != "customer"


def test_a_mini_programs_json_with_one_entry_and_numbers_as_text_is_read() -> None:
    found = event(
        "oa",
        FromUserName="o1",
        CreateTime="1620963428",
        Event="subscribe_msg_sent_event",
        List={"TemplateId": "t1", "MsgID": 1864323726461255680, "ErrorCode": "0", "ErrorStatus": "success"},
    )
    assert found.properties == {
        "templates": [{"template_id": "t1", "msgid": "1864323726461255680", "code": 0, "error": "success"}]
    }


def test_a_unionid_that_comes_along_is_another_identity() -> None:
    assert event("oa", FromUserName="o1", Event="subscribe", unionid="u1").also == ("unionid:u1",)
    assert added(UnionId="u2").also == ("unionid:u2",)


@pytest.mark.parametrize(
    ("changed", "subject", "reason"),
    [
        ({"ExternalUserID": ""}, "account:main", "ExternalUserID"),
        ({"ExternalUserID": {"a": "b"}}, "account:main", "ExternalUserID"),
        ({"ExternalUserID": "x" * 129}, "account:main", "ExternalUserID"),
        ({"UserID": ""}, "wecom:ww1:wm1", "UserID"),
        ({"ChangeType": "adopted"}, "wecom:ww1:wm1", "ChangeType"),
        ({"CreateTime": "soon"}, "wecom:ww1:wm1", "CreateTime"),
        ({"CreateTime": "9" * 30}, "wecom:ww1:wm1", "CreateTime"),
        ({"Event": "brand_new"}, "wecom:ww1:wm1", "no such event"),
    ],
)
def test_an_event_that_is_not_understood_is_kept_as_it_came_for_no_rule_to_act_on(
    changed: dict[str, Any], subject: str, reason: str
) -> None:
    fields = {"MsgType": "event", "CreateTime": "1700000000", "Event": "change_external_contact", "WelcomeCode": "c"}
    raw = {**fields, "ChangeType": "add_external_contact", "UserID": "li", "ExternalUserID": "wm1", **changed}
    found = read_event(raw, WECOM, NOW)
    assert (found.name, found.subject, found.kind) == ("wecom.unknown", subject, "account")
    assert found.properties["raw"] == raw
    assert reason in found.properties["reason"]
    assert found.welcome_code is None
    assert is_unknown(found)


def test_an_unknown_event_without_a_readable_time_is_the_same_row_when_it_comes_again() -> None:
    first = event(Event="brand_new", CreateTime="")
    assert event(Event="brand_new", CreateTime="").position == first.position


def test_an_unknown_event_of_an_official_account_stands_beside_the_person() -> None:
    found = event("oa", Event="debug_demo", FromUserName="o1", debug_str="hello world")
    assert (found.name, found.subject, found.kind) == ("oa.unknown", "openid:wx9:o1", "account")


def test_the_same_event_is_the_same_row_whatever_its_welcome_code() -> None:
    assert added().key == added(WelcomeCode="c2").key


@pytest.mark.parametrize(
    "changed",
    [
        {"ExternalUserID": "wm2"},
        {"UserID": "wang"},
        {"ChangeType": "edit_external_contact"},
        {"CreateTime": "1700000001"},
        {"AgentID": "7"},
    ],
)
def test_another_event_of_the_same_second_is_another_row(changed: dict[str, str]) -> None:
    assert added(**changed).key != added().key
    assert added(**changed).id != added().id


def test_tags_and_tag_groups_changed_in_the_same_second_do_not_collide() -> None:
    events = [
        event(Event="change_external_tag", ChangeType=change, Id=tag, TagType=kind, FromUserName="sys")
        for change in ("create", "update")
        for tag in ("t1", "t2")
        for kind in ("tag", "tag_group")
    ]
    assert len({one.key for one in events}) == len(events)


def test_two_approvals_of_the_same_second_do_not_collide() -> None:
    first = event(Event="open_approval_change", FromUserName="sys", ApprovalInfo={"ThirdNo": "1"})
    second = event(Event="open_approval_change", FromUserName="sys", ApprovalInfo={"ThirdNo": "2"})
    assert first.key != second.key


def test_a_message_is_known_by_its_id_alone() -> None:
    first = event("oa", MsgType="text", FromUserName="o1", MsgId="1", Content="a")
    assert event("oa", MsgType="text", FromUserName="o1", MsgId=1, Content="a").key == first.key
    assert event("oa", MsgType="text", FromUserName="o1", MsgId="2", Content="a").key != first.key


def test_two_different_unknown_events_of_the_same_second_are_both_kept() -> None:
    assert event(Event="brand_new", What="a").key != event(Event="brand_new", What="b").key
