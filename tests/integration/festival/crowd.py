"""A festival: all customers of all staff are due at ten o'clock, each for one of two contents, some for both."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from math import ceil
from typing import Any

from chalicelib.domain.customer import Customer, Relation
from chalicelib.domain.enrolment import Enrolment
from chalicelib.domain.playbook.playbook import Playbook
from chalicelib.domain.push import SEND_LIMIT
from chalicelib.models.customers import CustomerRow
from chalicelib.models.enrolments import EnrolmentRow
from chalicelib.schemas.wakeups import StepDue

DUE = datetime(2026, 3, 2, 2, tzinfo=UTC)  # 10:00 in Shanghai
CORP, ACCOUNT = "wwcorp", "main"
CONTENTS = ("lantern", "spring")
GREEDY = 20  # one customer in so many is due for both contents, and may have one a day


def journey(content: str) -> dict[str, Any]:
    """Return a journey of one step."""
    step = {"id": "greet", "content": content, "after": "1h"}
    stage = {"id": "in", "name": "在", "intent": "low", "weight": 1, "steps": [step]}
    return {"id": content, "name": content, "enter": {"when": {"tag": content}}, "stages": [stage]}


PLAYBOOK = Playbook.model_validate({
    "id": "festival", "name": "元宵", "version": 1, "zone": "Asia/Shanghai", "caps": {"day": 1},
    "contents": {content: {"text": f"{content} 节日快乐"} for content in CONTENTS},
    "journeys": [journey(content) for content in CONTENTS],
})  # fmt: skip


@dataclass(frozen=True)
class Crowd:
    """`customers` are spread evenly over `staff`; the first staff member has `regulars` more. All are due at `due`."""

    staff: int
    customers: int
    regulars: int = 0
    due: datetime = DUE

    def people(self) -> Iterator[tuple[str, str, tuple[str, ...]]]:
        """Yield (customer, staff member, contents), staff taking turns."""
        for number in range(self.customers + self.regulars):
            staff = f"staff{number % self.staff if number < self.customers else 0:04d}"
            content = CONTENTS[number // self.staff % 2] if number < self.customers else CONTENTS[0]
            yield f"wm{number:07d}", staff, CONTENTS if number % GREEDY == 0 else (content,)

    def wakeups(self) -> Iterator[str]:
        """Yield the body of every due step."""
        for customer, _, contents in self.people():
            for content in contents:
                yield StepDue(customer_id=f"c-{customer}", run=content, version=1).model_dump_json()

    def group_sends(self) -> int:
        """Return how many tasks there must be: for each staff member and content, one for each 10,000 customers."""
        due: dict[tuple[str, str], int] = {}
        for _, staff, contents in self.people():
            due[staff, contents[0]] = due.get((staff, contents[0]), 0) + 1
        return sum(ceil(number / SEND_LIMIT) for number in due.values())


def customer_item(customer: str, staff: str) -> dict[str, Any]:
    """Return a customer's row."""
    tie = Relation(
        account=ACCOUNT, staff=staff, external_userid=customer, state="friend", since=DUE, because="x", revision=1
    )
    row = CustomerRow.holding(Customer(customer_id=f"c-{customer}", version=1, relations={f"{ACCOUNT}/{staff}": tie}))
    item: dict[str, Any] = row.to_dynamodb_dict()
    return item


def enrolment_item(customer: str, content: str, due: datetime = DUE) -> dict[str, Any]:
    """Return the row of a run whose step is due."""
    run = Enrolment(
        customer_id=f"c-{customer}", run=content, journey=content, playbook="festival", playbook_version=1, version=1,
        state="active", turn=1, entered_at=due, stage="in", visit=1, stage_entered_at=due, seen=1, because="x",
        since=due, step="greet", due_at=due,
    )  # fmt: skip
    item: dict[str, Any] = EnrolmentRow.holding(run).to_dynamodb_dict()
    return item


def document(item: dict[str, Any]) -> dict[str, Any]:
    """Return a stored row's document."""
    found: dict[str, Any] = json.loads(item["document"]["S"])
    return found
