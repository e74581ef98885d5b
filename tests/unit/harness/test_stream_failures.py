from datetime import timedelta

import pytest

from tests.harness import Delivery
from tests.unit.harness.conftest import Bring
from tests.unit.harness.small_stack import Spy, raising, reporting, write

pytestmark = pytest.mark.integration
FACTS = ("a1", "a2", "a3", "a4")


def test_a_partial_answer_is_retried_from_its_lowest_number_even_if_later_records_were_done(bring_up: Bring) -> None:
    listen = Spy(reporting("a2", "a4", times=1))
    cloud = bring_up(listen)
    write(*FACTS)
    cloud.run_until_quiet()
    assert listen.seen == [["a1", "a2", "a3", "a4"], ["a2", "a3", "a4"]]


def test_an_exception_brings_the_whole_batch_back(bring_up: Bring) -> None:
    listen = Spy(raising("a3", times=1))
    cloud = bring_up(listen)
    write(*FACTS)
    cloud.run_until_quiet()
    assert listen.seen == [list(FACTS), list(FACTS)]
    assert [one.outcome for one in cloud.invocations] == ["failed", "ok"]


@pytest.mark.parametrize("answer", [None, {}, {"batchItemFailures": []}, {"batchItemFailures": None}, "", []])
def test_an_answer_that_names_no_failure_is_a_success(bring_up: Bring, answer: object) -> None:
    listen = Spy(lambda records: answer)
    cloud = bring_up(listen)
    write("a1")
    cloud.run_until_quiet()
    assert len(listen.seen) == 1


@pytest.mark.parametrize(
    "answer",
    [
        "text",
        {"batchItemFailures": [{"itemIdentifier": ""}]},
        {"batchItemFailures": [{"itemIdentifier": None}]},
        {"batchItemFailures": [{"sequence": "1"}]},
        {"batchItemFailures": [{"itemIdentifier": "1"}]},
    ],
)
def test_an_answer_that_names_no_record_of_the_batch_brings_the_whole_batch_back(
    bring_up: Bring, answer: object
) -> None:
    answers = [answer, None]
    listen = Spy(lambda records: answers.pop(0))
    cloud = bring_up(listen)
    write("a1", "a2")
    cloud.run_until_quiet()
    assert listen.seen == [["a1", "a2"], ["a1", "a2"]]


def test_without_partial_responses_what_a_function_reports_is_ignored(bring_up: Bring) -> None:
    listen = Spy(reporting("a1"))
    cloud = bring_up(listen, stream={"FunctionResponseTypes": []})
    write("a1", "a2")
    cloud.run_until_quiet()
    assert listen.seen == [["a1", "a2"]]


def test_bisecting_halves_a_batch_that_fails_until_the_bad_record_is_alone(bring_up: Bring) -> None:
    listen = Spy(raising("a3"))
    cloud = bring_up(listen, stream={"BisectBatchOnFunctionError": True, "MaximumRetryAttempts": 1})
    write(*FACTS)
    cloud.run_until_quiet()
    assert listen.seen == [list(FACTS), ["a1", "a2"], ["a3", "a4"], ["a3"], ["a3"], ["a4"]]
    assert [one["DDBStreamBatchInfo"]["batchSize"] for one in cloud.failures("listen")] == [1]


def test_with_a_partial_answer_a_batch_is_split_at_the_returned_number_which_is_no_retry(bring_up: Bring) -> None:
    listen = Spy(reporting("a3"))
    cloud = bring_up(listen, stream={"BisectBatchOnFunctionError": True, "MaximumRetryAttempts": 1})
    write(*FACTS)
    cloud.run_until_quiet()
    assert listen.seen == [list(FACTS), ["a3", "a4"], ["a3", "a4"]]


def test_after_the_last_retry_the_rest_of_the_batch_is_lost_and_its_numbers_are_kept(bring_up: Bring) -> None:
    listen = Spy(reporting("a2"))
    cloud = bring_up(listen, stream={"MaximumRetryAttempts": 2, "BatchSize": 3})
    write(*FACTS)
    cloud.run_until_quiet()
    assert listen.seen == [["a1", "a2", "a3"], ["a2", "a3"], ["a2", "a3"], ["a4"]]
    [message] = cloud.failures("listen")
    assert message["requestContext"]["condition"] == "RetryAttemptsExhausted"
    info = message["DDBStreamBatchInfo"]
    assert int(info["endSequenceNumber"]) == int(info["startSequenceNumber"]) + 1
    assert "a2" not in str(message)


def test_a_record_that_is_too_old_is_given_up_without_a_call(bring_up: Bring) -> None:
    listen = Spy()
    cloud = bring_up(listen, stream={"MaximumRecordAgeInSeconds": 60})
    write("a1")
    cloud.advance(timedelta(seconds=30))
    write("a2")
    cloud.advance(timedelta(seconds=31))
    cloud.run_until_quiet()
    assert listen.all == ["a2"]
    assert [one["requestContext"]["condition"] for one in cloud.failures("listen")] == ["RecordAgeExceeded"]


def test_retries_that_take_their_time_end_with_the_records_age(bring_up: Bring) -> None:
    listen = Spy(raising("a1"))
    delivery = Delivery(retry_after=timedelta(seconds=25))
    cloud = bring_up(listen, stream={"MaximumRecordAgeInSeconds": 60}, delivery=delivery)
    write("a1")
    cloud.run_for(timedelta(hours=1))
    assert len(listen.seen) == 3
    assert len(cloud.failures("listen")) == 1


def test_a_batch_that_fails_blocks_the_keys_of_its_lane_and_no_others(bring_up: Bring) -> None:
    listen = Spy(raising("a1", times=2))
    delivery = Delivery(retry_after=timedelta(seconds=10))
    cloud = bring_up(listen, stream={"BatchSize": 1, "ParallelizationFactor": 10}, delivery=delivery)
    write("a1", "a2", "b1")
    cloud.run_until_quiet()
    assert listen.all == ["a1", "b1"]
    cloud.run_for(timedelta(seconds=20))
    assert listen.all == ["a1", "b1", "a1", "a1", "a2"]


def test_with_duplicates_the_part_of_a_batch_that_was_done_comes_again_before_the_rest(bring_up: Bring) -> None:
    listen = Spy(reporting("a2", times=1))
    cloud = bring_up(listen, delivery=Delivery(duplicates=True))
    write("a1", "a2")
    cloud.run_until_quiet()
    assert listen.seen == [["a1", "a2"], ["a1"], ["a2"], ["a2"]]
