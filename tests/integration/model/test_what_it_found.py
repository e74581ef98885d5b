"""What the machine has found, told plainly."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from tests.harness.delivery import Delivery
from tests.integration.model.laws import everything_is_accounted_for, nothing_is_wrong, tasks_of
from tests.integration.model.plan import HOUR, Edit
from tests.integration.model.scene import SECOND, Scene
from tests.integration.model.visit import DAY, MINUTE, ZONE

NOW = timedelta(0)


@pytest.fixture
def scene() -> Iterator[Scene]:
    yield from played(Edit())


def played(edit: Edit) -> Iterator[Scene]:
    up = Scene(Delivery(), edit)
    yield up
    up.close()


@pytest.mark.parametrize(("call", "of"), [(1, "SendMessage"), (2, "PutItem pushes"), (1, "PutItem enrolments")])
def test_a_step_that_was_planned_is_delivered_though_its_run_moved_on_before_it_was_through(scene, call, of):
    scene.follow("wm0", "li")
    scene.go_on(HOUR)
    scene.troubles.arm("run_step", "killed before", call, of)
    scene.go_on(HOUR)
    scene.tell("wm0", "order", NOW, is_repeated=False, text="A1")
    scene.go_on(4 * HOUR)
    assert scene.troubles.struck
    everything_is_accounted_for(scene)


@pytest.mark.parametrize("has_another", [False, True])
def test_a_push_that_was_decided_stays_with_its_staff_member_though_the_customer_left_them(scene, has_another):
    scene.follow("wm0", "li")
    if has_another:
        scene.go_on(SECOND)
        scene.follow("wm0", "mei")
    scene.tell("wm0", "order", NOW, is_repeated=False, text="A1")
    scene.go_on(HOUR - MINUTE)
    scene.troubles.arm("run_step", "killed after", call=1, of="PutItem pushes")
    scene.go_on(MINUTE)
    scene.unfollow("wm0", "li")
    scene.go_on(HOUR)
    scene.cloud.wecom.confirm_all()
    scene.go_on(5 * HOUR)
    assert [(push.staff, push.state, push.reason) for push in scene.pushes() if push.step == "thank"] == [
        ("li", "failed", "not_friend")
    ]
    nothing_is_wrong(scene)


@pytest.mark.parametrize(("edit", "sent_at"), [
    (Edit(day2_at="20:22"), "20:31"),
    (Edit(day2_at="22:20"), "22:21"),
    (Edit(day2_at="23:55", quiet=None), "23:56"),
])
def test_nobody_waits_for_company_into_the_night_or_another_day(edit, sent_at):
    for scene in played(edit):
        scene.follow("wm0", "li")
        scene.go_on(2 * DAY)
        task = next(task for task in tasks_of(scene) if task.content.text == edit.text("day2"))
        assert f"{task.created_at.astimezone(ZONE):%H:%M}" == sent_at
