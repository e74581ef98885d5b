"""Group-sends: tasks that staff confirm by hand, and how often a customer may receive one."""

import calendar
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import IntEnum
from zoneinfo import ZoneInfo

from infra.local.wecom.state.messages import Content

PLATFORM_ZONE = ZoneInfo("Asia/Shanghai")


class Fate(IntEnum):
    """What became of one receiver, in the platform's numbers."""

    NOT_SENT = 0
    SENT = 1
    NOT_A_FRIEND = 2
    CAPPED = 3


@dataclass
class Receiver:
    """One customer or group of a group-send."""

    fate: Fate = Fate.NOT_SENT
    at: datetime | None = None


@dataclass
class GroupSend:
    """One msgid: its content, and for every sending staff member their receivers."""

    msgid: str
    chat_type: str
    content: Content
    created_at: datetime
    dispatched_at: datetime
    receivers: dict[str, dict[str, Receiver]]
    creator: str = ""
    """The staff member who made it by hand; empty when an API call did."""
    allow_select: bool = False
    confirmed_at: dict[str, datetime] = field(default_factory=dict)
    is_cancelled: bool = False
    reminded_at: list[datetime] = field(default_factory=list)

    def is_waiting_for(self, userid: str) -> bool:
        """Whether this staff member could confirm it, now or once it is dispatched."""
        return userid in self.receivers and userid not in self.confirmed_at and not self.is_cancelled


@dataclass
class Allowances:
    """When each customer or group received a group-send, and whether there is room for one more."""

    received: dict[str, list[datetime]] = field(default_factory=dict)

    def has_room(self, target: str, now: datetime, cap: str) -> bool:
        """Return whether `target` may receive one more in the period that `now` is in."""
        start, most = period_of(now, cap)
        recent = [moment for moment in self.received.get(target, ()) if moment >= start]
        return len(recent) < most

    def note(self, target: str, now: datetime) -> None:
        """Count one reception."""
        self.received.setdefault(target, []).append(now)


def period_of(now: datetime, cap: str) -> tuple[datetime, int]:
    """Return the start of the calendar period in the platform's zone, and how many a customer may receive in it."""
    midnight = now.astimezone(PLATFORM_ZONE).replace(hour=0, minute=0, second=0, microsecond=0)
    if cap == "day":
        return midnight, 1
    if cap == "week":
        return midnight - timedelta(days=midnight.weekday()), 7
    return midnight.replace(day=1), calendar.monthrange(midnight.year, midnight.month)[1]
