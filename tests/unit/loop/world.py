"""A small playbook, and customers to try it on."""

from datetime import UTC, datetime, timedelta
from typing import Any

from chalicelib.domain.behaviour import Behaviour
from chalicelib.domain.customer import Customer, Relation, Tag
from chalicelib.domain.enrolment import Enrolment
from chalicelib.domain.playbook.playbook import Playbook

NOON = datetime(2026, 11, 22, 4, tzinfo=UTC)  # 12:00 in Shanghai, a Sunday
SUBJECT = "wecom:wwcorp:wm1"

DRAFT: dict[str, Any] = {
    "id": "demo",
    "name": "演示",
    "version": 1,
    "zone": "Asia/Shanghai",
    "quiet": [{"from": "22:30", "to": "07:00"}],
    "caps": {"day": 2, "week": 5, "month": 20},
    "contents": {"hello": {"text": "您好"}, "price": {"text": "报价"}, "wake": {"text": "好久不见"}},
    "rules": [
        {"id": "followed", "when": {"behaviour": "wecom.add_external_contact"}, "add": [{"tag": "followed"}]},
        {"id": "replied", "when": {"behaviour": "Message Received"}, "add": [{"tag": "replied", "for": "7d"}],
         "remove": ["silent"]},
        {"id": "keen", "when": {"behaviour": "page", "where": {"name": {"contains": "price"}}, "at_least": 2,
                                "within": "3d"}, "add": [{"tag": "keen"}]},
        {"id": "silent", "when": {"absent": "Message Received", "after": "wecom.add_external_contact", "for": "2h"},
         "add": [{"tag": "silent"}]},
        {"id": "ordered", "when": {"behaviour": "Order Completed"},
         "add": [{"tag": "ordered", "key": "order_id", "for": "90d"}]},
        {"id": "first", "when": {"behaviour": "Order Completed", "first": True}, "add": [{"tag": "first_order"}]},
    ],
    "journeys": [
        {
            "id": "main", "name": "主线",
            "enter": {"when": {"tag": "followed"}, "again": "30d"},
            "exit": [{"reason": "unfollowed", "when": {"friend": False}}],
            "stages": [
                {"id": "new", "name": "新", "intent": "low", "weight": 10, "steps": [
                    {"id": "nudge", "content": "hello", "after": "2h", "unless": {"tag": "replied"}},
                    {"id": "day2", "content": "price", "day": 2, "at": "20:30"},
                    {"id": "birthday", "content": "wake", "on": "birthday", "at": "09:00"},
                ]},
                {"id": "hot", "name": "热", "intent": "high", "weight": 20, "when": {"tag": "keen"}, "steps": [
                    {"id": "offer", "content": "price", "after": "10m"},
                ]},
                {"id": "cold", "name": "冷", "intent": "low", "weight": 5, "when": {"tag": "silent"},
                 "backward": True},
                {"id": "won", "name": "成交", "intent": "won", "weight": 30, "when": {"tag": "ordered"}, "final": True},
            ],
        },
        {
            "id": "order", "name": "订单", "enter": {"when": {"tag": "ordered"}, "keyed_by": "ordered"},
            "stages": [{"id": "thanks", "name": "谢", "intent": "won", "weight": 1, "final": True,
                        "steps": [{"id": "thank", "content": "hello", "after": "1h"}]}],
        },
    ],
}
PLAYBOOK = Playbook.model_validate(DRAFT)


def pinned(name: str, version: int) -> Playbook:
    """Return the published version of a test's playbook."""
    assert (name, version) == ("demo", 1)
    return PLAYBOOK


def behaviour(name: str, /, at: datetime = NOON, key: str = "1", **properties: Any) -> Behaviour:
    """Return a behaviour of the one customer."""
    return Behaviour(
        subject=SUBJECT, occurred_at=at, id=key, name=name, account="main", source="test", received_at=at,
        properties=properties, staff="li" if name.startswith("wecom.") else None,
    )


def tag(revision: int = 1, at: datetime = NOON, until: timedelta | None = None) -> Tag:
    """Return a tag earned at a version of the customer."""
    lapses = at + until if until else None
    return Tag(since=at, at=at, until=lapses, because=f"{SUBJECT}/x", rule="demo@1/x", revision=revision)


def friend(staff: str = "li", since: datetime = NOON) -> Relation:
    """Return a tie that holds."""
    return Relation(
        account="main", staff=staff, external_userid="wm1", state="friend", since=since, because="x", revision=1
    )


def customer(*tags: str, version: int = 1, **more: Any) -> Customer:
    """Return a friend with tags."""
    given = {"relations": {"main/li": friend()}, **more}
    return Customer(customer_id="c-1", version=version, tags={name: tag(version) for name in tags}, **given)


def enrolment(**more: Any) -> Enrolment:
    """Return a run in the first stage, whose nudge is due two hours after noon."""
    due = NOON + timedelta(hours=2)
    fields = {
        "customer_id": "c-1", "run": "main", "journey": "main", "playbook": "demo", "playbook_version": 1,
        "version": 1, "state": "active", "turn": 1, "entered_at": NOON, "stage": "new", "visit": 1,
        "stage_entered_at": NOON, "seen": 1, "because": f"{SUBJECT}/x", "since": NOON, "step": "nudge", "due_at": due,
    }
    return Enrolment.model_validate({**fields, **more})
