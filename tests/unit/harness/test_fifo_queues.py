from datetime import timedelta

import pytest
from botocore.exceptions import ClientError

from tests.harness import Delivery
from tests.unit.harness.conftest import Bring
from tests.unit.harness.small_stack import Spy, client, line_up, raising, reporting, url

pytestmark = pytest.mark.integration


def test_the_messages_of_a_group_come_in_the_order_in_which_they_were_sent(bring_up: Bring) -> None:
    read = Spy()
    cloud = bring_up(read_fifo=read, event={"BatchSize": 2}, delivery=Delivery(seed=1))
    line_up("a1", "b1", "a2", "b2", "a3")
    cloud.run_until_quiet()
    assert [name for name in read.all if name[0] == "a"] == ["a1", "a2", "a3"]
    assert [name for name in read.all if name[0] == "b"] == ["b1", "b2"]


def test_a_message_that_failed_blocks_its_group_and_no_other(bring_up: Bring) -> None:
    read = Spy(raising("a1", times=1))
    cloud = bring_up(read_fifo=read, event={"BatchSize": 1})
    line_up("a1", "a2", "b1")
    cloud.run_until_quiet()
    assert read.all == ["a1", "b1"]
    cloud.run_for(timedelta(seconds=30))
    assert read.all == ["a1", "b1", "a1", "a2"]


def test_a_function_that_reports_only_the_first_failure_of_a_group_has_its_successors_deleted(bring_up: Bring) -> None:
    read = Spy(reporting("a1", times=1))
    cloud = bring_up(read_fifo=read)
    line_up("a1", "a2")
    cloud.run_for(timedelta(minutes=1))
    assert read.seen == [["a1", "a2"], ["a1"]]


def test_the_same_deduplication_id_within_five_minutes_is_one_message_even_after_it_was_deleted(
    bring_up: Bring,
) -> None:
    read = Spy()
    cloud = bring_up(read_fifo=read)
    line_up("a1")
    cloud.run_for(timedelta(seconds=299))
    line_up("a1")
    cloud.run_until_quiet()
    assert read.all == ["a1"]
    cloud.run_for(timedelta(seconds=1))
    line_up("a1")
    cloud.run_until_quiet()
    assert read.all == ["a1", "a1"]


@pytest.mark.parametrize(("scope", "seen"), [("queue", 1), ("messageGroup", 2)])
def test_deduplication_reaches_as_far_as_its_scope(bring_up: Bring, scope: str, seen: int) -> None:
    read = Spy()
    cloud = bring_up(read_fifo=read, fifo={"DeduplicationScope": scope})
    for group in "ab":
        client("sqs").send_message(
            QueueUrl=url("lines.fifo"), MessageBody="x", MessageGroupId=group, MessageDeduplicationId="same"
        )
    cloud.run_until_quiet()
    assert len(read.all) == seen


def test_the_queues_delay_is_the_only_one_and_holds_for_every_message(bring_up: Bring) -> None:
    read = Spy()
    cloud = bring_up(read_fifo=read, fifo={"DelaySeconds": 75})
    line_up("a1")
    cloud.run_for(timedelta(seconds=70))
    line_up("a2")
    cloud.run_for(timedelta(seconds=5))
    assert read.all == ["a1"]
    cloud.run_for(timedelta(seconds=70))
    assert read.all == ["a1", "a2"]


def test_a_message_that_failed_too_often_goes_to_the_fifo_failure_queue_and_frees_its_group(bring_up: Bring) -> None:
    read = Spy(raising("a1"))
    cloud = bring_up(read_fifo=read, event={"BatchSize": 1})
    line_up("a1", "a2")
    cloud.run_for(timedelta(minutes=10))
    assert read.all == ["a1", "a1", "a1", "a2"]
    assert cloud.failures("read_fifo") == ["a1"]


def test_with_duplicates_a_message_comes_again_before_its_successor(bring_up: Bring) -> None:
    read = Spy()
    cloud = bring_up(read_fifo=read, event={"BatchSize": 1}, delivery=Delivery(duplicates=True))
    line_up("a1", "a2")
    cloud.run_until_quiet()
    assert read.all == ["a1", "a1", "a2", "a2"]


@pytest.mark.parametrize(
    "wrong",
    [
        {"MessageGroupId": "a"},
        {"MessageDeduplicationId": "x"},
        {"MessageGroupId": "a", "MessageDeduplicationId": "x", "DelaySeconds": 5},
    ],
)
def test_what_a_fifo_queue_refuses_is_refused(bring_up: Bring, wrong: dict[str, object]) -> None:
    bring_up()
    with pytest.raises(ClientError, match="InvalidParameterValue"):
        client("sqs").send_message(**{"QueueUrl": url("lines.fifo"), "MessageBody": "x", **wrong})


def test_a_fifo_queue_whose_failures_go_to_a_standard_queue_is_refused_at_once(bring_up: Bring) -> None:
    wrong = {"RedrivePolicy": {"deadLetterTargetArn": {"Fn::GetAtt": ["ReadFailures", "Arn"]}, "maxReceiveCount": 3}}
    with pytest.raises(ValueError, match="of one type"):
        bring_up(fifo=wrong)
