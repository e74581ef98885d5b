from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from chalicelib.domain.accounting import Accounting, Tally
from chalicelib.domain.enrolment import Enrolment
from chalicelib.domain.push import GroupSend, Push

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
GRACE, GATHER = timedelta(minutes=15), timedelta(seconds=60)
DAY = timedelta(days=1)


def run(due_at: datetime | None, **changes: Any) -> Enrolment:
    """Return an active run that waits for a step."""
    begun = NOW - timedelta(hours=1)
    return Enrolment.model_validate({
        "customer_id": "c-1", "run": "tea", "journey": "tea", "playbook": "tea", "playbook_version": 1, "version": 1,
        "state": "active", "turn": 1, "entered_at": begun, "stage": "new", "visit": 1, "stage_entered_at": begun,
        "seen": 1, "because": "b", "since": begun, "step": "greeting", "due_at": due_at, **changes,
    })


def push(planned_at: datetime, state: str = "planned", **changes: Any) -> Push:
    """Return a push of that run."""
    return Push.model_validate({
        "batch": "shop/anna/x", "member": "m1", "channel": "group_send", "customer_id": "c-1", "run": "tea",
        "stage": "new", "step": "greeting", "rule": "r", "content": "c", "account": "shop", "staff": "anna",
        "external_userid": "x", "slot": planned_at, "planned_at": planned_at,
        "bucket": int(planned_at.timestamp() // GATHER.total_seconds()), "state": state, "because": "b", **changes,
    })


def counted(*rows: Enrolment | Push | GroupSend, speed: float = 1.0, **set_aside: str) -> Accounting:
    """Return the accounting of some rows."""
    tally = Tally(NOW, GRACE, GATHER, speed)
    for row in rows:
        if isinstance(row, Enrolment):
            tally.take_enrolment(row)
        elif isinstance(row, Push):
            tally.take_push(row)
        else:
            tally.take_send(row)
    return tally.accounting({("c-1", run): reason for run, reason in set_aside.items()})


@pytest.mark.parametrize(("enrolment", "is_overdue"), [
    (run(NOW + timedelta(minutes=1)), False),
    (run(NOW - timedelta(minutes=15)), False),
    (run(NOW - timedelta(minutes=15, seconds=1)), True),
    (run(None), False),
    (run(NOW - DAY, state="paused"), False),
    (run(NOW - DAY, state="exited"), False),
])
def test_a_run_is_overdue_when_its_step_is_later_than_the_grace(enrolment: Enrolment, is_overdue: bool) -> None:
    assert (counted(enrolment).overdue == ("c-1/tea",)) == is_overdue


def test_a_wakeup_in_a_failure_queue_is_a_reason() -> None:
    told = counted(run(NOW - DAY), tea="no such content")

    assert told.due_unaccounted == 0
    assert told.set_aside == ("c-1/tea no such content",)


@pytest.mark.parametrize(("age", "is_waiting"), [(timedelta(minutes=16), False), (timedelta(minutes=20), True)])
def test_a_planned_push_waits_too_long_after_gathering_and_grace(age: timedelta, is_waiting: bool) -> None:
    assert (counted(push(NOW - age)).waiting == ("shop/anna/x/m1",)) == is_waiting


def test_a_push_that_waits_for_its_slot_is_not_late() -> None:
    planned = NOW - timedelta(minutes=28)

    assert counted(push(planned, bucket=int((NOW - timedelta(minutes=14)).timestamp() // 60))).waiting == ()


def test_pushes_count_by_state_and_reason() -> None:
    told = counted(push(NOW, "skipped", reason="cap_day"), push(NOW, "skipped", reason="late"), push(NOW, "delivered"))

    assert told.pushes == {"delivered": 1, "skipped cap_day": 1, "skipped late": 1}


@pytest.mark.parametrize(("state", "count"), [
    ("claimed", 1), ("refused", 1), ("unknown", 1), ("submitted", 0), ("closed", 0),
])
def test_a_group_send_stays_open_until_the_platform_has_it(state: str, count: int) -> None:
    send = GroupSend.model_validate({
        "batch": "shop/anna/x", "sequence": 1, "members": ["m1"], "state": state, "claimed_at": NOW - DAY,
    })

    assert counted(send).due_unaccounted == count


class TestInADemonstrationWhereADayTakesTwentySeconds:
    SPEED = 4320.0

    def test_a_step_of_tomorrow_is_due_in_seconds(self) -> None:
        begun = NOW - timedelta(minutes=20)
        tomorrow = run(begun + DAY, stage_entered_at=begun, since=begun)

        assert counted(tomorrow, speed=self.SPEED).overdue == ("c-1/tea",)

    def test_its_wait_counts_from_the_last_step_when_that_was_late(self) -> None:
        begun = NOW - timedelta(minutes=20)
        after_the_first = run(begun + 2 * DAY, stage_entered_at=begun, since=begun + DAY)

        told = counted(after_the_first, push(NOW - timedelta(seconds=5), "submitted"), speed=self.SPEED)

        assert told.overdue == ()
