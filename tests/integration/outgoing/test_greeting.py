"""Greeting customers who have just followed."""

from datetime import timedelta
from typing import Any

import pytest

from chalicelib.domain.behaviour import Behaviour
from chalicelib.domain.identity import customer_id_for
from chalicelib.domain.push import Push, digest
from chalicelib.models.behaviours import BehaviourRow
from chalicelib.models.catalog import CatalogRow
from chalicelib.models.identities import IdentityRow
from chalicelib.models.pushes import PushRow
from chalicelib.services import read_playbooks
from chalicelib.services.greet_customer import greet_customer
from tests.integration.outgoing.scene import ACCOUNT, CORP, STAFF, START, Scene

WELCOME = "externalcontact/send_welcome_msg"
CONTACT = "externalcontact/get"


def greet(scene: Scene, follow: Behaviour) -> Push:
    greet_customer(follow.subject, follow.position, scene.apps, scene.clock, scene.clock.pause)
    push = PushRow.fetch(f"welcome/{ACCOUNT}/{STAFF}", digest(follow.welcome_code))
    assert push is not None
    return push


def contact_reads(follow: Behaviour) -> list[Behaviour]:
    return [each for each in BehaviourRow.of_subject(follow.subject) if each.name == "chaoxi.contact_read"]


def test_a_new_customer_is_greeted_by_name_and_with_the_attachments(scene: Scene) -> None:
    push = greet(scene, scene.follows("wm1", "李四"))
    [message] = scene.world.inbox("wm1")
    assert message.content.text == "李四，您好"
    assert message.content.attachments == (
        {"msgtype": "link", "link": {"title": "课表", "url": "https://example.com/a"}},
    )
    assert (push.state, push.reason, push.content) == ("delivered", None, "demo@1/welcome")


def test_the_channel_chooses_the_welcome(scene: Scene) -> None:
    greet(scene, scene.follows("wm1", "李四", state="vip-3"))
    assert scene.texts("wm1") == ["贵宾李四您好"]


def test_what_was_read_of_the_customer_becomes_a_behaviour(scene: Scene) -> None:
    follow = scene.follows("wm1", "李四", state="vip-3", unionid="o-1")
    greet(scene, follow)
    [read] = contact_reads(follow)
    assert read.properties == {"name": "李四", "unionid": "o-1", "gender": 0, "add_way": 1, "state": "vip-3"}
    assert read.also == ("unionid:o-1",)
    assert (read.occurred_at, read.staff, read.welcome_code) == (follow.occurred_at, STAFF, None)


def test_a_second_delivery_changes_nothing_and_calls_nobody(scene: Scene) -> None:
    follow = scene.follows("wm1", "李四")
    first = greet(scene, follow)
    before = len(scene.world.calls)
    assert greet(scene, follow) == first
    assert len(scene.world.calls) == before
    assert len(contact_reads(follow)) == 1


def test_the_push_belongs_to_the_customer_whom_the_identity_names(scene: Scene) -> None:
    known = scene.follows("wm1")
    IdentityRow.link(known.subject, "c-known", "test", START)
    assert greet(scene, known).customer_id == "c-known"
    new = scene.follows("wm2")
    assert greet(scene, new).customer_id == customer_id_for(f"wecom:{CORP}:wm2")


def test_a_contact_that_cannot_be_read_is_greeted_without_a_name(scene: Scene) -> None:
    scene.world.faults.add(CONTACT, "timeout_before")
    follow = scene.follows("wm1", "李四")
    assert greet(scene, follow).state == "delivered"
    assert scene.texts("wm1") == ["朋友，您好"]
    assert contact_reads(follow) == []


def test_another_app_at_it_is_waited_for_until_it_is_done(scene: Scene) -> None:
    follow = scene.follows("wm1")
    scene.world.welcome_elsewhere(CORP, follow.welcome_code or "", timedelta(seconds=3))
    push = greet(scene, follow)
    assert push.state == "delivered"
    assert scene.calls("send_welcome_msg") == 4
    assert scene.texts("wm1") == []


def test_another_app_that_fails_leaves_the_welcome_to_us(scene: Scene) -> None:
    follow = scene.follows("wm1", "李四")
    scene.world.welcome_elsewhere(CORP, follow.welcome_code or "", timedelta(seconds=3), succeeds=False)
    greet(scene, follow)
    assert scene.texts("wm1") == ["李四，您好"]


def test_another_app_that_never_ends_makes_us_stop_in_time(scene: Scene) -> None:
    follow = scene.follows("wm1")
    scene.world.welcome_elsewhere(CORP, follow.welcome_code or "", timedelta(minutes=3))
    push = greet(scene, follow)
    assert (push.state, push.reason) == ("skipped", "welcome_too_late")
    assert scene.clock.now - follow.occurred_at <= timedelta(seconds=19)


@pytest.mark.parametrize(
    ("late", "state", "reason", "calls"),
    [
        (17.9, "delivered", None, 1),
        (18.0, "skipped", "welcome_too_late", 0),
        (3600.0, "skipped", "welcome_too_late", 0),
    ],
)
def test_a_welcome_that_would_come_too_late_is_not_sent(
    scene: Scene, late: float, state: str, reason: str | None, calls: int
) -> None:
    follow = scene.follows("wm1")
    scene.clock.pause(late)
    push = greet(scene, follow)
    assert (push.state, push.reason) == (state, reason)
    assert scene.calls("send_welcome_msg") == calls


def test_a_code_that_the_platform_does_not_know_is_a_stored_reason(scene: Scene) -> None:
    follow = scene.follows("wm1")
    scene.world.faults.add(WELCOME, "errcode", errcode=41050)
    push = greet(scene, follow)
    assert (push.state, push.reason) == ("failed", "wecom:41050")


def test_no_playbook_with_a_welcome_is_a_stored_reason(scene: Scene) -> None:
    CatalogRow.get("live_playbook", "demo").delete()
    read_playbooks.forget()
    push = greet(scene, scene.follows("wm1"))
    assert (push.state, push.reason, push.content) == ("skipped", "no_welcome", "")
    assert scene.world.calls == []


@pytest.mark.parametrize("kind", ["drop_after", "garbage"])
def test_a_welcome_whose_answer_is_lost_is_called_again_and_arrives_once(scene: Scene, kind: str) -> None:
    scene.world.faults.add(WELCOME, kind)
    push = greet(scene, scene.follows("wm1", "李四"))
    assert push.state == "delivered"
    assert scene.texts("wm1") == ["李四，您好"]


def test_a_platform_that_never_answers_leaves_the_welcome_unknown(scene: Scene) -> None:
    scene.world.faults.add(WELCOME, "http_500", times=99)
    push = greet(scene, scene.follows("wm1"))
    assert (push.state, push.reason) == ("unknown", "no_answer")


@pytest.mark.parametrize("fault", [{"errcode": -1}, {"errcode": 45033}, {"errcode": 6000}])
def test_a_busy_platform_is_asked_again_inside_the_window(scene: Scene, fault: dict[str, Any]) -> None:
    scene.world.faults.add(WELCOME, "errcode", times=3, **fault)
    assert greet(scene, scene.follows("wm1")).state == "delivered"
    assert scene.calls("send_welcome_msg") == 4


def test_a_frequency_limit_ends_at_once_because_it_outlasts_the_code(scene: Scene) -> None:
    scene.world.faults.add(WELCOME, "errcode", errcode=45009)
    push = greet(scene, scene.follows("wm1"))
    assert (push.state, push.reason) == ("failed", "wecom:held")
    assert scene.calls("send_welcome_msg") == 1


def test_one_code_that_came_with_two_events_is_one_welcome(scene: Scene) -> None:
    first = scene.follows("wm1", "李四")
    greet(scene, first)
    again = first.model_copy(update={"id": "other"})
    BehaviourRow.record(again)
    greet(scene, again)
    assert scene.texts("wm1") == ["李四，您好"]
