"""From a follow to a delivered step, in the packaged zip, under the policies that go to the cloud."""

import time

import pytest

from infra.local.demo.scene import CORP
from tests.e2e.cloud import Cloud, eventually

pytestmark = pytest.mark.e2e
WELCOME_WINDOW = 20.0
LONGER_THAN_THE_SCHEDULERS_POLL = 11.0


def test_a_follow_is_greeted_tagged_enrolled_pushed_confirmed_and_delivered(cloud: Cloud) -> None:
    began = time.monotonic()
    assert cloud.follow("wmLOOP", name="小林").is_accepted
    welcomes = eventually(lambda: cloud.inbox("wmLOOP", "welcome"), WELCOME_WINDOW)
    assert time.monotonic() - began < WELCOME_WINDOW
    assert welcomes[0].startswith("小林，您好")

    customer = eventually(lambda: cloud.customer("wmLOOP"), 20)
    assert "新好友" in customer["tags"]
    runs = eventually(lambda: cloud.enrolments("wmLOOP"), 20)
    assert runs["consultation"]["stage"] == "new"
    assert runs["consultation"]["because"] == customer["tags"]["新好友"]["because"]

    eventually(lambda: "chaoxi.push_delivered" in cloud.names("wmLOOP"), 60)
    delivered = [push for push in cloud.pushes("wmLOOP") if push["state"] == "delivered"]
    assert delivered
    assert len(cloud.inbox("wmLOOP", "group_send")) >= len(delivered)
    told = {"wecom.add_external_contact", "chaoxi.contact_read", "chaoxi.push_delivered"}
    assert told <= set(cloud.names("wmLOOP"))


def test_the_story_of_a_customer_can_be_read(cloud: Cloud) -> None:
    told = cloud.scene.operator.said("story", f"wecom:{CORP}:wmLOOP")
    assert "wecom.add_external_contact" in told


def test_nothing_runs_when_nobody_is_active(cloud: Cloud) -> None:
    for relation in cloud.scene.world.state.corp(CORP).relations():
        if relation.standing == "friend":
            cloud.leave(relation.external_userid, relation.userid)
    last = -1

    def is_quiet() -> bool:
        nonlocal last
        before, last = last, cloud.invocations()
        return before == last

    assert eventually(is_quiet, 90, every=LONGER_THAN_THE_SCHEDULERS_POLL)


def test_everything_due_is_accounted_for(cloud: Cloud) -> None:
    proof = cloud.scene.operator.run("accounted", "--grace", "60s")
    assert proof.returncode == 0, proof.stdout
