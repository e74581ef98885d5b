"""More customers than one call takes."""

from collections.abc import Iterator

import pytest

from chalicelib.gateways.wecom.trouble import NoAnswerError
from chalicelib.models.group_sends import members_of
from chalicelib.models.pushes import PushRow
from chalicelib.services.deliver_batch import deliver_batch
from tests.integration.outgoing.fast_tables import FastTables
from tests.integration.outgoing.scene import BATCH, Scene, attached, push_to

CUSTOMERS = [f"wm{number:05d}" for number in range(10_001)]


@pytest.fixture
def crowd(scene: Scene) -> Iterator[Scene]:
    """Return a scene with 10,001 customers who are due for one content."""
    tables = FastTables()
    tables.hold(PushRow.holding(push_to(customer, scene.clock.now)) for customer in CUSTOMERS)
    scene.befriends(*CUSTOMERS)
    with attached(tables):
        yield scene


def test_ten_thousand_and_one_customers_are_two_tasks_and_a_lost_second_call_sends_the_first_to_nobody(
    crowd: Scene,
) -> None:
    crowd.world.faults.add("externalcontact/add_msg_template", "timeout_before", skip=1)
    with pytest.raises(NoAnswerError):
        deliver_batch(BATCH, 1, crowd.clock.now, crowd.apps)
    assert [len(send) for send in crowd.sends()] == [10_000]
    crowd.clock.pause(360)
    deliver_batch(BATCH, 1, crowd.clock.now, crowd.apps)
    assert [len(send) for send in crowd.sends()] == [10_000, 1]
    assert sorted(customer for send in crowd.sends() for customer in send) == CUSTOMERS
    sends, pushes = members_of(BATCH)
    carried = {member: send.msgid for send in sends for member in send.members}
    assert len(set(carried.values())) == 2
    assert {push.member: push.msgid for push in pushes} == carried
    assert {push.state for push in pushes} == {"submitted"}
