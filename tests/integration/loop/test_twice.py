"""Everything is delivered at least once. Twice must look like once."""

from typing import Any

from tests.harness.delivery import Delivery
from tests.harness.wecom import WecomCloud
from tests.integration.loop.scenario import inboxes, play, rows, sends, set_aside


def everything_after(delivery: Delivery) -> tuple[Any, ...]:
    with WecomCloud(delivery=delivery) as cloud:
        play(cloud)
        return rows(cloud), sends(cloud), inboxes(cloud), set_aside(cloud)


def test_with_every_callback_batch_message_and_schedule_delivered_twice_tables_and_calls_are_those_of_once():
    assert everything_after(Delivery(duplicates=True)) == everything_after(Delivery(duplicates=False))
