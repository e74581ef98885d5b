"""A cloud for a festival: the template's queues, schedules and functions, on tables in memory."""

from datetime import timedelta
from itertools import islice
from typing import Self

from chalicelib.models import playbooks
from infra.local.wecom.callbacks import Delivery
from tests.harness.wecom import WecomCloud
from tests.integration.festival.crowd import ACCOUNT, CORP, PLAYBOOK, Crowd, customer_item, enrolment_item
from tests.integration.festival.express import express
from tests.integration.festival.memory_tables import MemoryTables

FIRED_A_SECOND = 1_000  # what EventBridge Scheduler delivers by default in a primary region
SECOND = timedelta(seconds=1)


class Festival(WecomCloud):
    """Customers are friends already; what the platform would tell of that is not told."""

    def __init__(self, crowd: Crowd) -> None:
        super().__init__(start=crowd.due)
        self.crowd = crowd
        self.memory = MemoryTables()
        self.calls: dict[str, int] = {}

    def __enter__(self) -> Self:
        """Bring it up, with tables in memory."""
        super().__enter__()
        self.ending.enter_context(express(self.memory))
        return self

    def gather_people(self) -> None:
        """Let everybody be there: staff, customers, their runs with a step that is due."""
        playbooks.store_version(PLAYBOOK)
        playbooks.make_live(PLAYBOOK, 0)
        self.wecom.connect(ACCOUNT, lambda _xml: Delivery(200, "", 1))
        for number in range(self.crowd.staff):
            self.wecom.add_staff(CORP, f"staff{number:04d}")
        for customer, staff, contents in self.crowd.people():
            self.wecom.follow(staff, customer, corp_id=CORP)
            self.memory.hold("customers", [customer_item(customer, staff)])
            self.memory.hold("enrolments", [enrolment_item(customer, content, self.crowd.due) for content in contents])
        self.wecom.emitted.clear()

    def strike_ten(self) -> None:
        """Let every step come due, as fast as the scheduler fires, and all of them run."""
        url = self.stack.environments["run_step"]["DUE_STEPS_QUEUE_URL"]
        wakeups = self.crowd.wakeups()
        while wave := list(islice(wakeups, FIRED_A_SECOND)):
            for body in wave:
                self.queues.send({"QueueUrl": url, "MessageBody": body})
            self.run_until_quiet()
            self.forget_invocations()
            self.advance(SECOND)

    def go_on(self, span: timedelta) -> None:
        """Let time pass in minutes, keeping no record of invocations."""
        for _ in range(int(span / timedelta(minutes=1))):
            self.run_for(timedelta(minutes=1))
            self.forget_invocations()

    def forget_invocations(self) -> None:
        """Count calls by function and drop the rest: a million calls would not fit into memory."""
        for one in self.invocations:
            assert one.outcome == "ok", (one.function, one.outcome, one.error)
            self.calls[one.function] = self.calls.get(one.function, 0) + 1
        self.invocations.clear()
