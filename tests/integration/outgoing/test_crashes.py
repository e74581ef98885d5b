"""A crash before, and one after, every remote call of greet, deliver and collect, and then the delivery again."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest

from chalicelib.errors import TransientError
from chalicelib.gateways import aws
from chalicelib.models.behaviours import BehaviourRow
from chalicelib.models.group_sends import members_of
from chalicelib.models.pushes import PushRow
from chalicelib.schemas.wakeups import ResultsDue
from chalicelib.services.collect_results import collect_results
from chalicelib.services.deliver_batch import deliver_batch
from chalicelib.services.greet_customer import greet_customer
from tests.harness.faults import Crash, Interruption, Recording, When, crash
from tests.harness.remote import Call
from tests.integration.outgoing.scene import BATCH, STAFF, START, Scene, attached

Story = Callable[[Scene], Any]


@dataclass
class Recorder:
    """Sees every remote call of the block that it is attached to, AWS and WeCom alike."""

    recording: Recording

    def before(self, call: Call) -> None:
        self.recording.before(call)

    def after(self, _: Call) -> None:
        self.recording.after()

    def answer(self, *_: Any) -> None:
        """Let everything go on to the tables in this process."""


def prepare_greeting(scene: Scene) -> Any:
    return scene.follows("wm1", "李四", unionid="o-1")


def greet(scene: Scene, follow: Any) -> None:
    greet_customer(follow.subject, follow.position, scene.apps, scene.clock, scene.clock.pause)


def prepare_delivery(scene: Scene) -> None:
    scene.befriends("wm1")
    scene.plans("wm1")


def deliver(scene: Scene, _: Any) -> None:
    deliver_batch(BATCH, 1, scene.clock.now, scene.apps)


def prepare_reconciliation(fault: str) -> Story:
    """Leave a group-send without an answer: made after all (drop_after), or not (timeout_before)."""

    def prepare(scene: Scene) -> None:
        prepare_delivery(scene)
        scene.world.faults.add("externalcontact/add_msg_template", fault)
        with pytest.raises(TransientError):
            deliver(scene, None)
        scene.clock.pass_time(timedelta(minutes=6))

    return prepare


def prepare_collection(scene: Scene) -> None:
    prepare_delivery(scene)
    deliver(scene, None)
    scene.clock.now = START + timedelta(minutes=5)
    scene.world.confirm_all(STAFF)
    scene.clock.now = START + timedelta(minutes=30)


def collect(scene: Scene, _: Any) -> None:
    due = ResultsDue(batch=BATCH, sequence=1, poll=0, due_at=START + timedelta(minutes=30))
    collect_results(due, scene.clock.now, scene.apps)


@dataclass(frozen=True)
class Case:
    """A function's work: how long its source waits before it delivers again, and what must come of it."""

    name: str
    prepare: Story
    run: Callable[[Scene, Any], None]
    wait: timedelta
    calls: int
    outcome: dict[str, Any]


DELIVERED = {
    "phone": [], "tasks": [["wm1"]], "pushes": [("submitted", None)], "sends": ["submitted"], "polls": 1,
    "behaviours": [],
}  # fmt: skip
CASES = {
    case.name: case
    for case in (
        Case("greet", prepare_greeting, greet, timedelta(seconds=1), 18, {
            "phone": ["李四，您好"], "tasks": [], "pushes": [("delivered", None)], "sends": [], "polls": 0,
            "behaviours": ["chaoxi.contact_read", "wecom.add_external_contact"],
        }),
        Case("deliver", prepare_delivery, deliver, timedelta(minutes=6), 14, DELIVERED),
        Case("adopt", prepare_reconciliation("drop_after"), deliver, timedelta(minutes=6), 11, DELIVERED),
        Case("call again", prepare_reconciliation("timeout_before"), deliver, timedelta(minutes=6), 10, DELIVERED),
        Case("collect", prepare_collection, collect, timedelta(minutes=6), 9, {
            "phone": ["今晚八点直播，$0 入场"], "tasks": [["wm1"]], "pushes": [("delivered", None)],
            "sends": ["closed"], "polls": 1, "behaviours": ["chaoxi.push_delivered"],
        }),
    )
}  # fmt: skip
POINTS = [
    (case.name, when, number)
    for case in CASES.values()
    for number in range(1, case.calls + 1)
    for when in ("before", "after")
]


def outcome(scene: Scene) -> dict[str, Any]:
    """Return what customers and operations can see in the end."""
    pushes = [row.value for row in PushRow.scan() if not row.member.startswith("~")]
    return {
        "phone": scene.texts("wm1"),
        "tasks": scene.sends(),
        "pushes": [(push.state, push.reason) for push in pushes],
        "sends": [send.state for send in members_of(BATCH)[0]],
        "polls": len(aws.client("scheduler").list_schedules()["Schedules"]),
        "behaviours": sorted(row.value.name for row in BehaviourRow.scan()),
    }


def watched(case: Case, scene: Scene, subject: Any, interruptions: list[Interruption]) -> list[Call]:
    """Run a case once, on a worker that has just started, and return its remote calls."""
    scene.apps = scene.new_worker()
    recorder = Recorder(Recording(case.name, interruptions))
    with attached(recorder):
        case.run(scene, subject)
    return recorder.recording.calls


def until_done(case: Case, scene: Scene, subject: Any) -> None:
    """Deliver again, as the source would, until it is taken."""
    for _ in range(5):
        scene.clock.pass_time(case.wait)
        try:
            watched(case, scene, subject, [])
        except TransientError:
            continue
        return
    raise AssertionError("five deliveries were not enough")


@pytest.mark.parametrize("name", CASES)
def test_the_calls_of_an_undisturbed_run_are_as_many_as_the_matrix_has_rows(scene: Scene, name: str) -> None:
    case = CASES[name]
    calls = watched(case, scene, case.prepare(scene), [])
    assert len(calls) == case.calls, json.dumps([str(call) for call in calls], indent=1)


@pytest.mark.parametrize(("name", "when", "number"), POINTS)
def test_a_crash_at_any_remote_call_sends_nothing_twice_and_loses_nothing(
    scene: Scene, name: str, when: When, number: int
) -> None:
    case = CASES[name]
    subject = case.prepare(scene)
    crashing = Interruption(case.name, when, number, crash)
    with pytest.raises(Crash):
        watched(case, scene, subject, [crashing])
    until_done(case, scene, subject)
    until_done(case, scene, subject)
    assert crashing.happened
    assert outcome(scene) == case.outcome
