"""The playbook that the machine plays with, and the ways in which operations may edit it."""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from chalicelib.domain.playbook.playbook import Playbook

HOUR = timedelta(hours=1)
SILENCE = 50 * HOUR
REPLIED_FOR = timedelta(days=7)
BIRTHDAYS = {"wm0": "03-05", "wm1": "1990-03-31", "wm2": "05-01"}


@dataclass(frozen=True)
class Edit:
    """What one version of the playbook says: hours until the nudge, minutes until the offer, and so on."""

    nudge: int = 2
    offer: int = 10
    day2_at: str = "20:30"
    day2_late: str = "wait"
    quiet: tuple[str, str] | None = ("22:30", "07:00")
    cap_day: int = 2
    cap_week: int = 5
    version: int = field(default=1, compare=False)

    def text(self, step: str) -> str:
        """Return the words of a step, which no other version uses."""
        return f"{step} {self.version}"


def playbook_of(edit: Edit) -> Playbook:
    """Return the playbook that an edit describes, not published yet."""
    steps = ("nudge", "day2", "birthday", "offer", "wake", "thank")
    quiet = {"quiet": [{"from": edit.quiet[0], "to": edit.quiet[1]}]} if edit.quiet else {}
    return Playbook.model_validate({
        "id": "plan",
        "name": "演练",
        "zone": "Asia/Shanghai",
        "caps": {"day": edit.cap_day, "week": edit.cap_week, "month": 20},
        "contents": {"hello": {"text": "${customer_name}您好"}, **{name: {"text": edit.text(name)} for name in steps}},
        "welcome": [{"content": "hello"}],
        "rules": RULES,
        "journeys": [main_journey(edit), ORDER_JOURNEY],
        **quiet,
    })


RULES: list[dict[str, Any]] = [
    {"id": "followed", "when": {"behaviour": "wecom.add_external_contact"}, "add": "followed"},
    {"id": "replied", "when": {"behaviour": "Message Received"}, "add": {"tag": "replied", "for": "7d"},
     "remove": "silent"},
    {"id": "keen", "when": {"behaviour": "page", "where": {"name": {"contains": "price"}}, "at_least": 2,
                            "within": "3d"}, "add": "keen"},
    {"id": "silent", "when": {"absent": "Message Received", "after": "wecom.add_external_contact", "for": "50h"},
     "add": "silent"},
    {"id": "ordered", "when": {"behaviour": "Order Completed"}, "add": {"tag": "ordered", "key": "id", "for": "90d"}},
]

ORDER_JOURNEY: dict[str, Any] = {
    "id": "order", "name": "订单", "enter": {"when": {"tag": "ordered"}, "keyed_by": "ordered"},
    "stages": [{"id": "thanks", "name": "谢", "intent": "won", "weight": 1, "final": True,
                "steps": [{"id": "thank", "content": "thank", "after": "1h"}]}],
}


def main_journey(edit: Edit) -> dict[str, Any]:
    """Return the journey that edits change."""
    unless_replied = {"unless": {"tag": "replied"}}
    day2 = {"id": "day2", "content": "day2", "day": 2, "at": edit.day2_at, "late": edit.day2_late}
    stages = [
        {"id": "new", "name": "新", "intent": "low", "weight": 10, "steps": [
            {"id": "nudge", "content": "nudge", "after": f"{edit.nudge}h", **unless_replied},
            day2,
            {"id": "birthday", "content": "birthday", "on": "birthday", "at": "09:00"},
        ]},
        {"id": "hot", "name": "热", "intent": "high", "weight": 20, "when": {"tag": "keen"}, "steps": [
            {"id": "offer", "content": "offer", "after": f"{edit.offer}m"},
        ]},
        {"id": "cold", "name": "冷", "intent": "low", "weight": 5, "when": {"tag": "silent"}, "backward": True,
         "steps": [{"id": "wake", "content": "wake", "next": "sat", "at": "10:00"}]},
        {"id": "won", "name": "成交", "intent": "won", "weight": 30, "when": {"tag": "ordered"}, "final": True},
    ]
    return {
        "id": "main", "name": "主线", "enter": {"when": {"tag": "followed"}, "again": "always"},
        "exit": {"reason": "unfollowed", "when": {"friend": False}}, "stages": stages,
    }
