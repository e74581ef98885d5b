from datetime import timedelta

import pytest
from botocore.exceptions import ClientError

from tests.harness import Cloud, Delivery
from tests.unit.harness.conftest import Bring
from tests.unit.harness.small_stack import Spy, client, raising, reporting, send, url

pytestmark = pytest.mark.integration
SECOND = timedelta(seconds=1)


def test_messages_come_in_batches_up_to_the_batch_size_and_are_gone_after_success(bring_up: Bring) -> None:
    read = Spy()
    cloud = bring_up(read=read, event={"BatchSize": 2})
    send("one", "two", "three")
    cloud.run_until_quiet()
    cloud.run_for(timedelta(days=1))
    assert read.seen == [["one", "two"], ["three"]]


def test_a_delayed_message_comes_at_its_instant_and_not_before(bring_up: Bring) -> None:
    read = Spy()
    cloud = bring_up(read=read)
    send("later", delay=90)
    cloud.run_for(timedelta(seconds=89))
    assert read.all == []
    cloud.run_for(SECOND)
    assert read.all == ["later"]


def test_the_queues_own_delay_holds_for_messages_that_bring_none(bring_up: Bring) -> None:
    read = Spy()
    cloud = bring_up(read=read, queue={"DelaySeconds": 60})
    client("sqs").send_message(QueueUrl=url("jobs"), MessageBody="gathered")
    cloud.run_for(timedelta(seconds=59))
    assert read.all == []
    cloud.run_for(SECOND)
    assert read.all == ["gathered"]


def test_a_message_that_failed_is_invisible_for_its_timeout_and_comes_back_counted(bring_up: Bring) -> None:
    cloud = bring_up(read=Spy(raising("job", times=1)))
    send("job")
    cloud.run_for(timedelta(seconds=29))
    assert counts(cloud) == ["1"]
    cloud.run_for(SECOND)
    assert counts(cloud) == ["1", "2"]


def counts(cloud: Cloud) -> list[str]:
    """How often the first message had been received, at each invocation."""
    return [one.records[0]["attributes"]["ApproximateReceiveCount"] for one in cloud.invocations]


def test_only_the_messages_that_are_reported_come_back(bring_up: Bring) -> None:
    read = Spy(reporting("two", times=1))
    cloud = bring_up(read=read)
    send("one", "two", "three")
    cloud.run_for(timedelta(minutes=1))
    assert read.seen == [["one", "two", "three"], ["two"]]


def test_an_answer_that_names_an_unknown_message_brings_all_of_them_back(bring_up: Bring) -> None:
    answers = [{"batchItemFailures": [{"itemIdentifier": "nobody"}]}, None]
    read = Spy(lambda records: answers.pop(0))
    cloud = bring_up(read=read)
    send("one", "two")
    cloud.run_for(timedelta(minutes=1))
    assert read.seen == [["one", "two"], ["one", "two"]]


def test_without_partial_responses_a_reported_message_is_deleted_all_the_same(bring_up: Bring) -> None:
    read = Spy(reporting("one"))
    cloud = bring_up(read=read, event={"FunctionResponseTypes": []})
    send("one")
    cloud.run_for(timedelta(hours=1))
    assert read.all == ["one"]


def test_a_message_that_was_received_too_often_goes_to_the_failure_queue(bring_up: Bring) -> None:
    read = Spy(raising("bad"))
    cloud = bring_up(read=read)
    send("bad")
    cloud.run_for(timedelta(hours=1))
    assert len(read.seen) == 3
    assert cloud.failures("read") == ["bad"]


def test_with_duplicates_every_message_comes_twice_and_that_costs_no_receipt(bring_up: Bring) -> None:
    read = Spy()
    cloud = bring_up(read=read, delivery=Delivery(duplicates=True))
    send(*"abc")
    cloud.run_until_quiet()
    assert sorted(read.all) == sorted("abcabc")
    assert cloud.failures("read") == []


def test_a_seed_mixes_a_standard_queue_and_loses_nothing(bring_up: Bring) -> None:
    read = Spy()
    cloud = bring_up(read=read, delivery=Delivery(seed=3))
    send(*"abcdefgh")
    cloud.run_until_quiet()
    assert sorted(read.all) == list("abcdefgh")
    assert read.all != list("abcdefgh")


def test_a_batch_of_messages_is_taken_entry_by_entry(bring_up: Bring) -> None:
    bring_up()
    entries = [{"Id": "1", "MessageBody": "fine"}, {"Id": "2", "MessageBody": "late", "DelaySeconds": 901}]
    answer = client("sqs").send_message_batch(QueueUrl=url("jobs"), Entries=entries)
    assert [one["Id"] for one in answer["Successful"]] == ["1"]
    assert [one["Id"] for one in answer["Failed"]] == ["2"]


@pytest.mark.parametrize(
    "wrong",
    [{"DelaySeconds": 901}, {"MessageBody": ""}, {"MessageBody": "x" * 262_145}, {"MessageDeduplicationId": "x"}],
)
def test_what_sqs_refuses_is_refused(bring_up: Bring, wrong: dict[str, object]) -> None:
    bring_up()
    with pytest.raises(ClientError, match="InvalidParameterValue"):
        client("sqs").send_message(**{"QueueUrl": url("jobs"), "MessageBody": "x", **wrong})


def test_an_operator_can_receive_and_delete_by_hand(bring_up: Bring) -> None:
    cloud = bring_up(read=Spy(raising("bad")))
    send("bad")
    cloud.run_for(timedelta(hours=1))
    where = url("ReadFailures")
    [message] = client("sqs").receive_message(QueueUrl=where)["Messages"]
    assert client("sqs").receive_message(QueueUrl=where).get("Messages", []) == []
    client("sqs").delete_message(QueueUrl=where, ReceiptHandle=message["ReceiptHandle"])
    assert cloud.failures("read") == []
