"""What waits, and since when it has waited too long.

A wait is seen by looking at the tables: an enrolment's version with its next instant, a push that has not been sent. In
the demonstration's clock an instant of the journey is no instant of ours, so a wait ends a shortened while after it was
first seen.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

PATIENCE = 30.0


@dataclass
class Watch:
    """Everything that waits, by key, and the real second at which its wait is over."""

    speed: float
    ends: dict[str, float] = field(default_factory=dict)

    def look(self, enrolments: Iterable[Mapping[str, Any]], pushes: Iterable[Mapping[str, Any]], now: float) -> None:
        """Take in what the tables hold at a real second: rows as documents."""
        running = [row for row in enrolments if row.get("due_at") and row["state"] == "active"]
        seen = {key_of(row): wait_of(row) / self.speed for row in running}
        seen |= {f"{row['batch']}/{row['member']}": 0.0 for row in pushes if row["state"] == "planned"}
        self.ends = {key: self.ends.get(key, now + wait) for key, wait in seen.items()}

    def waiting(self, until: float) -> int:
        """Return how many waits that end by a real second are still there."""
        return sum(end <= until for end in self.ends.values())

    def overdue(self, now: float) -> int:
        """Return how many waits should have been over for longer than queues and schedules take."""
        return self.waiting(now - PATIENCE)


def key_of(enrolment: Mapping[str, Any]) -> str:
    """Return what names one version of an enrolment."""
    return f"{enrolment['customer_id']}/{enrolment['run']}@{enrolment['version']}"


def wait_of(enrolment: Mapping[str, Any]) -> float:
    """Return how many seconds of its journey an enrolment waits for its next step."""
    wait = datetime.fromisoformat(enrolment["due_at"]) - datetime.fromisoformat(enrolment["since"])
    return max(0.0, wait.total_seconds())
