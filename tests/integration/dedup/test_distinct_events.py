"""Two events that differ are two rows, however close they are; one that is sent again is the same row."""

import pytest

from chalicelib.domain.behaviour import Behaviour
from chalicelib.domain.folding import Timer
from tests.integration.dedup.events import CORP as THIS_CORP
from tests.integration.dedup.events import FANS, MINI, NOW, OTHER_CORP, chat, contact, fan, link, sent, tag, told, track

MEMBERS = {"Item": ["wm1", "wm2"]}
SCANNED, SCANNED_TOO = {"ScanType": "qrcode", "ScanResult": "a"}, {"ScanType": "qrcode", "ScanResult": "b"}
CHOSEN, CHOSEN_TOO = ({"SelectedItem": {"QuestionKey": "q", "OptionIds": {"OptionId": each}}} for each in "ab")


def clicked(**fields: object) -> Behaviour:
    """Return the row of what a staff member did in the corp's app."""
    return told(THIS_CORP, FromUserName="li", AgentID="7", EventKey="k", **fields)


SAME_SECOND: dict[str, list[Behaviour]] = {
    "customers of one staff member": [contact("add_external_contact", ExternalUserID=who) for who in ("wm1", "wm2")],
    "staff of one customer": [contact("add_external_contact", UserID=who) for who in ("li", "mei")],
    "half a tie and a whole one": [contact("add_half_external_contact"), contact("add_external_contact")],
    "added and deleted by either side": [
        contact(change) for change in ("add_external_contact", "del_external_contact", "del_follow_user")
    ],
    "deleted by hand and by a transfer": [
        contact("del_external_contact"),
        contact("del_external_contact", Source="DELETE_BY_TRANSFER"),
    ],
    "corps": [contact("add_external_contact", origin) for origin in (THIS_CORP, OTHER_CORP)],
    "tag and tag group": [tag("create", kind) for kind in ("tag", "tag_group")],
    "tags": [tag("create", Id=each) for each in ("t1", "t2")],
    "a tag made and changed": [tag(change) for change in ("create", "update", "delete")],
    "all tags and those of a rule group reordered": [
        tag("shuffle", Id=""),
        tag("shuffle", Id="", StrategyId="1"),
        tag("shuffle", Id="", StrategyId="2"),
    ],
    "a customer, their chat and a tag": [contact("edit_external_contact"), chat("update"), tag("update")],
    "members who came and went": [
        chat("update", UpdateDetail=detail, LastMemVer=last, CurMemVer=now, MemChangeList=MEMBERS)
        for detail, last, now in (("add_member", "a", "b"), ("del_member", "b", "c"), ("add_member", "c", "d"))
    ],
    "members without versions": [
        chat("update", UpdateDetail="add_member", MemChangeList={"Item": who}) for who in ("wm1", "wm2")
    ],
    "channels of one link": [link("friend_request", LinkId="l1", State=state) for state in ("douyin", "red")],
    "quotas that expire": [
        link("quota_expire_soon", ExpireTime=at, ExpireQuotaNum=much)
        for at, much in (("1700086400", "10"), ("1700086400", "20"), ("1702592000", "10"))
    ],
    "alerts with a date": [told(THIS_CORP, Event="low_active_alert", EffectTime=at) for at in ("1", "2")],
    "codes that a staff member scans": [
        clicked(Event="scancode_push", ScanCodeInfo=each) for each in (SCANNED, SCANNED_TOO)
    ],
    "answers on a card": [
        clicked(Event="template_card_event", TaskId="1", SelectedItems=each) for each in (CHOSEN, CHOSEN_TOO)
    ],
    "places of a staff member": [clicked(Event="LOCATION", Latitude=each) for each in ("1.5", "1.6")],
    "messages of a fan": [fan(MsgType="text", Content="在", MsgId=each) for each in ("1", "2")],
    "a message and what the fan did": [
        fan(MsgType="text", Content="在", MsgId="1"), fan(Event="CLICK", EventKey="k"), fan(Event="VIEW", EventKey="k")
    ],
    "menu entries": [fan(Event="CLICK", EventKey=each) for each in ("a", "b")],
    "a fan who comes and goes": [fan(Event="subscribe"), fan(Event="unsubscribe")],
    "accounts of a fan": [fan(origin, Event="user_enter_tempsession") for origin in (FANS, MINI)],
    "template messages": [fan(Event="TEMPLATESENDJOBFINISH", MsgID=each, Status="success") for each in ("1", "2")],
    "templates that were accepted": [
        fan(Event="subscribe_msg_popup_event", List={"TemplateId": each, "SubscribeStatusString": "accept"})
        for each in ("a", "b")
    ],
    "a template accepted and rejected": [
        fan(Event="subscribe_msg_popup_event", List={"TemplateId": "a", "SubscribeStatusString": each})
        for each in ("accept", "reject")
    ],
    "events that nobody has typed": [told(THIS_CORP, Event="brand_new", What=each) for each in ("a", "b")],
    "deeds that differ in what they are about": [track(properties={"n": each}) for each in (1, 2, "1", 1.0, True)],
    "deeds of one name": [track(context={"traits": {"n": each}}) for each in (1, 2)],
    "deeds of two sources": [track(), sent("track", "other", event="Read")],
    "deeds with ids of their own": [track(messageId=each) for each in ("1", "2")],
    "calls with the same body": [sent(kind) for kind in ("identify", "page", "screen")],
    "people": [track(userId=each) for each in ("u1", "u2")],
}


@pytest.mark.parametrize("rows", SAME_SECOND.values(), ids=SAME_SECOND.keys())
def test_what_differs_in_the_same_second_is_not_one_row(rows: list[Behaviour]) -> None:
    assert len({row.key for row in rows}) == len(rows)
    assert len({(row.id, row.subject) for row in rows}) == len(rows)


AGAIN: dict[str, tuple[Behaviour, Behaviour]] = {
    "an event": (tag("create"), tag("create")),
    "an event with an empty field": (tag("create"), tag("create", StrategyId="")),
    "a number as a number": (told(THIS_CORP, Event="x", AgentID="7"), told(THIS_CORP, Event="x", AgentID=7)),
    "a nested number as a number": (clicked(Event="x", Info={"n": "1"}), clicked(Event="x", Info={"n": 1})),
    "a follow that another app hears of too": (
        contact("add_external_contact", WelcomeCode="a"),
        contact("add_external_contact", WelcomeCode="b"),
    ),
    "a message": (fan(MsgType="text", Content="a", MsgId="1"), fan(MsgType="text", Content="a", MsgId=1)),
    "a deed, sent at another time": (track(), track(sentAt="2026-11-22T09:59:00Z")),
    "a deed, alone and in a batch": (track(), track(type="track")),
    "a deed under a new key": (track(writeKey="a"), track(writeKey="b")),
    "a deed with an id": (track(messageId="1"), track(messageId="1", sentAt="later")),
}  # fmt: skip


@pytest.mark.parametrize(("first", "second"), AGAIN.values(), ids=AGAIN.keys())
def test_what_is_sent_again_is_the_same_row(first: Behaviour, second: Behaviour) -> None:
    assert first.key == second.key


def test_two_rules_that_give_one_tag_for_times_of_their_own_wait_for_both_ends() -> None:
    short, long = (Timer("lapse/keen", "wecom:ww1:wm1/x", NOW, NOW.replace(hour=hour)) for hour in (11, 12))
    assert short.name_for("wecom:ww1:wm1") != long.name_for("wecom:ww1:wm1")
