"""The example of docs/harness.md: a customer follows, and the whole loop runs for two days."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from chalicelib.services.publish_playbook import publish_playbook
from infra.playbook_file import load
from tests.harness import Delivery
from tests.harness.wecom import WecomCloud

pytestmark = pytest.mark.integration
PLAYBOOK = Path(__file__).parents[3] / "playbooks" / "consultation.yaml"
ONCE = Delivery()


def follow(delivery: Delivery, crash_at: int = 0) -> tuple[Any, Any]:
    """A customer follows; return the tables two days later, and the calls that reached WeCom."""
    with WecomCloud(delivery=delivery) as cloud:
        publish_playbook(load(PLAYBOOK))
        cloud.wecom.add_staff("wwcorp", "zhang")
        crash = cloud.crash("run_step", "after", crash_at)
        cloud.wecom.follow("zhang", "wm1", "李雷")
        cloud.run_for(timedelta(days=2))
        assert crash.happened is (crash_at > 0)
        assert cloud.failures("run_step") == []
        return cloud.tables(), [(call.path, call.body) for call in cloud.wecom.calls]


def test_everything_delivered_twice_leaves_the_same_tables_and_the_same_calls_as_once() -> None:
    assert follow(Delivery(duplicates=True)) == follow(ONCE)


@pytest.mark.parametrize("call", [1, 2, 3])
def test_a_step_that_dies_after_a_call_is_run_again_and_sent_once(call: int) -> None:
    _, calls = follow(ONCE)
    assert sends(follow(ONCE, crash_at=call)[1]) == sends(calls)


def sends(calls: Any) -> list[Any]:
    """The messages among WeCom's calls."""
    return [
        body for path, body in calls if path in ("externalcontact/send_welcome_msg", "externalcontact/add_msg_template")
    ]
