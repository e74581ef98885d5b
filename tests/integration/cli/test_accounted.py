import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from chalicelib.domain.push import GroupSend
from chalicelib.models import group_sends
from chalicelib.models.enrolments import EnrolmentRow
from chalicelib.models.pushes import PushRow
from tests.integration.cli.stage import XIAOLI, XIAOLI_ID, Stage

Captured = pytest.CaptureFixture[str]
RUN = f"{XIAOLI_ID}/tea"


def accounting(stage: Stage, capsys: Captured, code: int, *argv: str) -> dict[str, Any]:
    """Return what `accounted` tells a program."""
    capsys.readouterr()
    assert stage.run("accounted", "--json", *argv) == code
    told: dict[str, Any] = json.loads(capsys.readouterr().out)
    return told


def overdue(by: timedelta) -> None:
    """Make the one run wait for a step that should have run."""
    enrolment = EnrolmentRow.fetch(XIAOLI_ID, "tea")
    assert enrolment is not None
    late = {"version": enrolment.version + 1, "due_at": datetime.now(UTC) - by}
    EnrolmentRow.store(enrolment.model_copy(update=late))


def test_all_is_accounted_for_when_steps_are_sent_skipped_or_not_due(stage: Stage, capsys: Captured) -> None:
    stage.happens("wecom.add_external_contact")
    stage.step()
    stage.step()

    assert stage.run("accounted") == 0

    text = capsys.readouterr().out
    assert "skipped cap_day" in text
    assert "tea/new" in text
    assert "due and neither sent nor reasoned: 0" in text


def test_a_step_that_nobody_ran_is_found(stage: Stage, capsys: Captured) -> None:
    stage.happens("wecom.add_external_contact")
    overdue(by=timedelta(minutes=16))

    told = accounting(stage, capsys, 1)

    assert told["overdue"] == [RUN]
    assert told["due_unaccounted"] == 1


def test_a_step_may_be_late_by_the_grace(stage: Stage, capsys: Captured) -> None:
    stage.happens("wecom.add_external_contact")
    overdue(by=timedelta(minutes=16))

    assert accounting(stage, capsys, 0, "--grace", "1h")["overdue"] == []


@pytest.mark.parametrize(("queue", "body"), [
    ("RunStepFailures", {"customer_id": XIAOLI_ID, "run": "tea", "version": 2}),
    ("UndeliveredSchedules", {"customer_id": XIAOLI_ID, "run": "tea", "version": 2}),
    ("RunStepFailures", {"reason": "no such content", "record": {"body": json.dumps(
        {"customer_id": XIAOLI_ID, "run": "tea", "version": 2})}}),
    ("ScheduleFailures", {"reason": "no such content", "record": {"dynamodb": {
        "Keys": {"customer_id": {"S": XIAOLI_ID}, "run": {"S": "tea"}}}}}),
])
def test_a_step_whose_wakeup_was_set_aside_has_a_reason(
    stage: Stage, capsys: Captured, queue: str, body: dict[str, Any]
) -> None:
    stage.happens("wecom.add_external_contact")
    overdue(by=timedelta(hours=1))
    stage.fails(queue, body)

    told = accounting(stage, capsys, 0)

    assert told["set_aside"] == [f"{RUN} {queue}: {body.get('reason', 'given up after all retries')}"]
    assert stage.waiting(queue) == [body]


def test_a_planned_push_that_no_group_send_takes_is_found(stage: Stage, capsys: Captured) -> None:
    stage.happens("wecom.add_external_contact")
    stage.step()
    push = next(PushRow.of_customer(XIAOLI_ID))
    long_ago = datetime.now(UTC) - timedelta(hours=2)
    bucket = int(long_ago.timestamp() // 60)
    PushRow.settle(push.model_copy(update={"planned_at": long_ago, "bucket": bucket}), "planned")

    assert stage.run("accounted") == 1

    assert f"WAITING: planned, and no group-send took them (1)\n  {push.key}" in capsys.readouterr().out


def test_a_group_send_without_an_answer_is_found_and_answers_for_its_pushes(stage: Stage, capsys: Captured) -> None:
    stage.happens("wecom.add_external_contact")
    stage.step()
    push = next(PushRow.of_customer(XIAOLI_ID))
    long_ago = datetime.now(UTC) - timedelta(hours=2)
    PushRow.settle(push.model_copy(update={"planned_at": long_ago, "bucket": 0}), "planned")
    group_sends.claim(GroupSend(batch=push.batch, sequence=1, members=(push.member,), state="unknown",
                                claimed_at=long_ago))

    told = accounting(stage, capsys, 1)

    assert told["open_sends"] == [f"{push.batch}/~send#0001 unknown"]
    assert told["waiting"] == []


def test_the_story_of_xiaoli_ends_well(stage: Stage) -> None:
    stage.happens("wecom.add_external_contact")
    stage.happens("wecom.del_follow_user")

    assert stage.run("accounted") == 0
    assert stage.run("story", XIAOLI) == 0
