from datetime import timedelta
from typing import Any

import pytest

from tests.harness import Delivery
from tests.unit.harness.conftest import Bring
from tests.unit.harness.small_stack import STACK, Spy, client, cloud_with, write

pytestmark = pytest.mark.integration


def test_what_is_written_reaches_the_function_in_order_and_in_batches_up_to_the_batch_size(bring_up: Bring) -> None:
    listen = Spy()
    cloud = bring_up(listen, stream={"BatchSize": 2})
    write("a1", "b1", "a2", "c1", "a3")
    cloud.run_until_quiet()
    assert listen.seen == [["a1", "b1"], ["a2", "c1"], ["a3"]]


def test_each_record_is_delivered_once_however_often_the_cloud_runs(bring_up: Bring) -> None:
    listen = Spy()
    cloud = bring_up(listen)
    for name in ("a1", "a2"):
        write(name)
        cloud.run_until_quiet()
    cloud.run_until_quiet()
    assert listen.seen == [["a1"], ["a2"]]


def test_records_that_the_filter_drops_cost_no_invocation(bring_up: Bring) -> None:
    listen = Spy()
    pattern = '{"eventName":["INSERT"],"dynamodb":{"NewImage":{"kind":{"S":["good","fine"]}}}}'
    cloud = bring_up(listen, stream={"FilterCriteria": {"Filters": [{"Pattern": pattern}]}})
    write("a1", kind="bad")
    write("a2", kind="fine")
    write("a2", kind="good")
    cloud.run_until_quiet()
    assert listen.seen == [["a2"]]
    assert len(cloud.invocations) == 1


def test_a_filter_on_existence_passes_only_items_that_have_the_attribute(bring_up: Bring) -> None:
    listen = Spy()
    pattern = '{"dynamodb":{"NewImage":{"code":{"S":[{"exists":true}]}}}}'
    cloud = bring_up(listen, stream={"FilterCriteria": {"Filters": [{"Pattern": pattern}]}})
    write("a1")
    write("a2", code="x")
    cloud.run_until_quiet()
    assert listen.all == ["a2"]


def test_a_write_that_changes_nothing_makes_no_record(bring_up: Bring) -> None:
    listen = Spy()
    cloud = bring_up(listen)
    write("a1", "a1", "a1")
    cloud.run_until_quiet()
    assert listen.all == ["a1"]


@pytest.mark.parametrize(
    ("view", "images"),
    [("NEW_IMAGE", {"NewImage"}), ("NEW_AND_OLD_IMAGES", {"NewImage", "OldImage"}), ("KEYS_ONLY", set())],
)
def test_a_record_shows_the_images_of_the_streams_view(bring_up: Bring, view: str, images: set[str]) -> None:
    shown: list[Any] = []
    cloud = bring_up(Spy(shown.extend), table={"StreamSpecification": {"StreamViewType": view}})
    write("a1", mood="low")
    write("a1", mood="high")
    cloud.run_until_quiet()
    assert set(shown[1]["dynamodb"]) & {"NewImage", "OldImage"} == images
    assert [one["eventName"] for one in shown] == ["INSERT", "MODIFY"]


def test_sequence_numbers_grow_as_numbers_and_not_as_text(bring_up: Bring) -> None:
    numbers: list[str] = []
    cloud = bring_up(Spy(lambda records: numbers.extend(one["dynamodb"]["SequenceNumber"] for one in records)))
    write(*(f"a{number}" for number in range(12)))
    cloud.run_until_quiet()
    assert [int(one) for one in numbers] == sorted(int(one) for one in numbers)
    assert numbers != sorted(numbers)


def test_with_duplicates_every_batch_comes_twice_and_no_later_batch_of_its_keys_in_between(bring_up: Bring) -> None:
    listen = Spy()
    cloud = bring_up(listen, stream={"BatchSize": 2}, delivery=Delivery(duplicates=True))
    write("a1", "a2", "a3")
    cloud.run_until_quiet()
    assert listen.seen == [["a1", "a2"], ["a1", "a2"], ["a3"], ["a3"]]


@pytest.mark.parametrize("seed", range(5))
def test_a_seed_reorders_across_keys_and_never_within_one(bring_up: Bring, seed: int) -> None:
    listen = Spy()
    delivery = Delivery(seed=seed, duplicates=seed % 2 == 1)
    cloud = bring_up(listen, stream={"ParallelizationFactor": 3}, delivery=delivery)
    written = [f"{key}{number}" for number in range(9) for key in "abcd"]
    write(*written)
    cloud.run_until_quiet()
    assert set(listen.all) == set(written)
    assert listen.all != written
    for key in "abcd":
        first_deliveries = [name for name in dict.fromkeys(listen.all) if name[0] == key]
        assert first_deliveries == [f"{key}{number}" for number in range(9)]


def test_the_same_seed_delivers_the_same_way() -> None:
    runs = []
    for _ in range(2):
        listen = Spy()
        with cloud_with(listen, delivery=Delivery(seed=7)) as cloud:
            write(*(f"{key}{number}" for number in range(5) for key in "abc"))
            cloud.run_until_quiet()
        runs.append(listen.seen)
    assert runs[0] == runs[1]


def test_what_a_function_does_to_its_event_does_not_change_the_next_delivery(bring_up: Bring) -> None:
    seen: list[dict[str, str]] = []

    def spoil(records: list[Any]) -> None:
        seen.append(dict(records[0]["dynamodb"]["NewImage"]["who"]))
        records[0]["dynamodb"].clear()

    cloud = bring_up(lambda event, context: spoil(event["Records"]), delivery=Delivery(duplicates=True))
    write("a1")
    cloud.run_until_quiet()
    assert seen == [{"S": "a"}, {"S": "a"}]


def test_a_transaction_that_is_cancelled_leaves_no_record_and_loses_none(bring_up: Bring) -> None:
    listen = Spy()
    cloud = bring_up(listen)
    write("a1")
    cloud.run_until_quiet()
    put = {"TableName": f"{STACK}-facts", "ConditionExpression": "attribute_not_exists(who)"}
    items = [{"Put": {**put, "Item": {"who": {"S": who}, "what": {"S": "1"}}}} for who in "ba"]
    with pytest.raises(client("dynamodb").exceptions.TransactionCanceledException):
        client("dynamodb").transact_write_items(TransactItems=items)
    write("c1")
    cloud.advance(timedelta(seconds=1))
    cloud.run_until_quiet()
    assert listen.all == ["a1", "c1"]
