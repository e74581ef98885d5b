"""One behaviour that cannot be taken in, among very many."""

from datetime import timedelta

import pytest

from chalicelib.domain.behaviour import Behaviour
from chalicelib.domain.identity import customer_id_for
from chalicelib.models.behaviours import BehaviourRow
from chalicelib.models.customers import CustomerRow
from tests.harness import Delivery
from tests.harness.wecom import WecomCloud
from tests.integration.loop.story import published
from tests.integration.poison.scene import (
    SECOND,
    bound,
    calls_of,
    deadly,
    keys_in,
    lateness,
    only,
    put_back,
    put_back_and_die,
    spoiled,
)

SAID = "Message Received"
HALVINGS, RETRIES = 7, 9
PAUSE = Delivery(retry_after=5 * SECOND)


def says(cloud: WecomCloud, person: str, number: int = 1, account: str = "shop") -> Behaviour:
    """Somebody says something, for the `number`-th time."""
    behaviour = Behaviour(
        subject=f"user:{person}", occurred_at=cloud.now, id=f"{person}-{number}", name=SAID, account=account,
        source="test", received_at=cloud.now,
    )
    BehaviourRow.record(behaviour)
    return behaviour


def said(person: str) -> int:
    """Return how often somebody has said something, as their row counts it."""
    found = CustomerRow.fetch(customer_id_for(f"user:{person}"))
    return found.signals[SAID].total if found and SAID in found.signals else 0


def crowd_speaks(cloud: WecomCloud, size: int) -> None:
    """Many speak once; the one in the middle is called p."""
    for number in range(size):
        says(cloud, "p" if number == size // 2 else f"u{number}")


def test_a_behaviour_that_cannot_be_read_costs_itself_and_is_counted_once_after_the_repair(crowd):
    size = crowd(200)
    with WecomCloud(delivery=PAUSE) as cloud:
        published()
        only(cloud, "tag")
        crowd_speaks(cloud, size)
        [row] = BehaviourRow.query("user:p")
        mend = spoiled(cloud, "behaviours", subject="user:p", position=row.position)
        cloud.run_until_quiet()

        [failure] = cloud.failures("tag")
        assert failure["reason"].startswith("ValidationError")
        assert failure["record"]["dynamodb"]["NewImage"]["subject"] == {"S": "user:p"}
        assert keys_in([failure]) == [f"user:p/{row.position}"]
        assert all(said(f"u{number}") == 1 for number in range(size) if number != size // 2)
        assert len(calls_of(cloud, "tag")) <= bound("tag", size)
        assert lateness(cloud, "tag") == timedelta(0)

        assert put_back(cloud, "tag") == ["put back", "kept"]  # not repaired yet: it is set aside again, and stays
        assert len(cloud.failures("tag")) == 1
        mend()
        put_back_and_die(cloud, "tag")
        assert put_back(cloud, "tag") == ["put back"]
        assert (said("p"), cloud.failures("tag")) == (1, [])


def test_a_behaviour_that_kills_the_function_is_given_up_alone_and_counted_once_after_the_repair(crowd):
    size = crowd(200)
    with WecomCloud(delivery=PAUSE) as cloud:
        published()
        only(cloud, "tag")
        crowd_speaks(cloud, size)
        with deadly(cloud, "tag", "user:p"):
            cloud.run_for(10 * 60 * SECOND)

        [failure] = cloud.failures("tag")
        assert failure["requestContext"]["condition"] == "RetryAttemptsExhausted"
        assert failure["DDBStreamBatchInfo"]["batchSize"] == 1
        assert all(said(f"u{number}") == 1 for number in range(size) if number != size // 2)
        assert len(calls_of(cloud, "tag")) <= bound("tag", size, 2 * HALVINGS, RETRIES)
        assert lateness(cloud, "tag") <= (HALVINGS + RETRIES) * PAUSE.retry_after

        says(cloud, "p", 2)  # overtakes the first, which the stream gave up
        cloud.run_until_quiet()
        assert said("p") == 1
        put_back_and_die(cloud, "tag")
        assert put_back(cloud, "tag") == ["put back"]
        assert put_back(cloud, "tag") == []
        assert said("p") == 2


def test_trouble_that_never_passes_is_given_up_alone_and_its_neighbours_do_not_wait_for_a_repair():
    with WecomCloud(delivery=PAUSE) as cloud:
        published()
        only(cloud, "tag")
        says(cloud, "p")
        cloud.run_until_quiet()
        stored = CustomerRow.get(customer_id_for("user:p"))
        stored.version += 1  # no write fits this row any more: each finds that another was quicker
        stored.save()
        for person in ("p", *(f"u{number}" for number in range(99))):
            says(cloud, person, 2)
        cloud.run_for(10 * 60 * SECOND)

        [failure] = cloud.failures("tag")
        assert failure["DDBStreamBatchInfo"]["batchSize"] == 1
        assert {said(f"u{number}") for number in range(99)} == {1}

        stored.version -= 1
        stored.save()
        says(cloud, "p", 3)
        cloud.run_until_quiet()
        assert put_back(cloud, "tag") == ["put back"]
        assert put_back(cloud, "tag") == []
        assert said("p") == 3


@pytest.mark.parametrize("times", [1, 2])
def test_records_that_grew_too_old_are_counted_once_although_later_ones_of_their_people_came_first(times):
    people = [f"u{number}" for number in range(30)]
    with WecomCloud() as cloud:
        published()
        only(cloud, "tag")
        for number in (1, 2):
            for person in people:
                says(cloud, person, number)
        cloud.advance(timedelta(hours=13))  # nobody took them in all that time
        for person in people:
            says(cloud, person, 3)
        cloud.run_until_quiet()
        assert {said(person) for person in people} == {1}
        assert {one["requestContext"]["condition"] for one in cloud.failures("tag")} == {"RecordAgeExceeded"}
        assert max(one["DDBStreamBatchInfo"]["batchSize"] for one in cloud.failures("tag")) > 1

        put_back_and_die(cloud, "tag")
        for _ in range(times):
            put_back(cloud, "tag")
        assert {said(person) for person in people} == {3}


def test_a_function_that_dies_after_it_set_a_record_aside_counts_it_once_all_the_same():
    with WecomCloud() as cloud:
        published()
        only(cloud, "tag")
        bad = says(cloud, "p")
        mend = spoiled(cloud, "behaviours", subject=bad.subject, position=bad.position)
        died = cloud.crash("tag", "after", 3)
        cloud.run_until_quiet()
        assert died.happened
        assert len(cloud.failures("tag")) == 2
        mend()
        assert put_back(cloud, "tag") == ["put back", "put back"]
        assert (said("p"), cloud.failures("tag")) == (1, [])


def test_a_record_that_was_repaired_before_it_came_again_is_not_counted_a_second_time_by_the_redrive():
    with WecomCloud(delivery=PAUSE) as cloud:
        published()
        only(cloud, "tag")
        bad = says(cloud, "p")
        mend = spoiled(cloud, "behaviours", subject=bad.subject, position=bad.position)
        died = cloud.crash("tag", "after", 3)
        cloud.run_until_quiet()
        mend()
        cloud.run_for(60 * SECOND)
        assert died.happened
        assert said("p") == 1
        assert put_back(cloud, "tag") == ["put back"]
        assert said("p") == 1


def test_a_record_that_was_put_back_before_its_stream_came_to_it_again_is_counted_once():
    with WecomCloud(delivery=PAUSE) as cloud:
        published()
        only(cloud, "tag")
        bad = says(cloud, "p")
        mend = spoiled(cloud, "behaviours", subject=bad.subject, position=bad.position)
        cloud.crash("tag", "after", 3)
        cloud.run_until_quiet()
        mend()
        with_one = cloud.runner.sources
        cloud.runner.sources = []
        assert put_back(cloud, "tag") == ["put back"]
        cloud.runner.sources = with_one
        cloud.run_for(60 * SECOND)
        assert said("p") == 1


def test_a_record_with_more_in_it_than_a_message_holds_is_kept_without_its_images():
    with WecomCloud() as cloud:
        published()
        only(cloud, "tag")
        behaviour = Behaviour(
            subject="user:p", occurred_at=cloud.now, id="p-1", name=SAID, account="shop", source="test",
            received_at=cloud.now, properties={"text": "水" * 100_000},
        )  # fmt: skip
        BehaviourRow.record(behaviour)
        mend = spoiled(cloud, "behaviours", subject=behaviour.subject, position=behaviour.position)
        cloud.run_until_quiet()
        [failure] = cloud.failures("tag")
        assert "NewImage" not in failure["record"]["dynamodb"]
        assert failure["left_out"]
        mend()
        assert put_back(cloud, "tag") == ["put back"]
        assert said("p") == 1
