"""The invariants of the fault matrix see what they are there to see."""

from collections.abc import Callable

import pytest

from chalicelib.models.behaviours import BehaviourRow
from chalicelib.models.customers import CustomerRow
from chalicelib.models.pushes import PushRow
from tests.harness.troubles import Troubles
from tests.harness.wecom import WecomCloud
from tests.integration.faults.invariants import broken, pushes
from tests.integration.faults.playing import Played, played
from tests.integration.faults.shop import Shop
from tests.integration.loop.story import published, staffed


def forget_a_push(stage: Played) -> None:
    push = next(push for push in pushes() if push.step == "offer")
    PushRow(batch=push.batch, member=push.member).delete()


def plan_what_is_not_due(stage: Played) -> None:
    with_step = next(push for push in pushes() if push.step == "offer")
    PushRow.holding(with_step.model_copy(update={"state": "planned"})).save()


def send_again(stage: Played) -> None:
    body = {"chat_type": "single", "external_userid": ["wm1"], "sender": "li", "text": {"content": "您好"}}
    assert stage.cloud.wecom.post("main", "externalcontact/add_msg_template", body)["errcode"] == 0


def count_once_more(stage: Played) -> None:
    row = next(row for row in CustomerRow.scan() if "Order Completed" in row.value.signals)
    signal = row.value.signals["Order Completed"].model_copy(update={"total": 2})
    after = {"version": row.value.version + 1, "signals": {**row.value.signals, "Order Completed": signal}}
    CustomerRow.store(row.value.model_copy(update=after))


def forget_a_behaviour(stage: Played) -> None:
    row = next(row for row in BehaviourRow.scan() if row.value.name == "page")
    row.delete()


def forget_its_story(stage: Played) -> None:
    row = next(row for row in BehaviourRow.scan() if row.value.name == "chaoxi.push_delivered")
    row.delete()


def keep_without_reason(stage: Played) -> None:
    stage.set_aside.append(("tag", {"record": {"dynamodb": {"Keys": {}}}}))


@pytest.mark.parametrize(("tamper", "told"), [
    (forget_a_push, "says offer is over, but there is no push"),
    (plan_what_is_not_due, "is planned"),
    (send_again, "which we do not know"),
    (count_once_more, "counts {'Order Completed': 2}"),
    (forget_a_behaviour, "was acknowledged, and is nowhere"),
    (forget_its_story, "its customer's story does not say so"),
    (keep_without_reason, "without reason or image"),
])
def test_what_is_wrong_is_told(tamper: Callable[[Played], None], told: str):
    with played("a day") as stage:
        assert broken(stage) == []
        tamper(stage)
        assert any(told in line for line in broken(stage)), broken(stage)


def test_a_run_that_nothing_will_wake_is_told():
    with WecomCloud() as cloud, Troubles(cloud) as troubles:
        published()
        staffed(cloud, "li")
        cloud.wecom.follow("li", "wm1", "小王")
        cloud.run_until_quiet()
        stage = Played(cloud, Shop(cloud), troubles)
        assert broken(stage) == []
        for group in cloud.schedules.groups.values():
            group.clear()
        assert ["nothing will wake it" in line for line in broken(stage)] == [True]
