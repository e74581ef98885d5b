"""One bad record among very many costs itself, whichever function meets it; after the repair it has its effect once."""

import json
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from tests.harness import Delivery
from tests.harness.wecom import WecomCloud
from tests.integration.loop.story import published, staffed
from tests.integration.outgoing.scene import STAFF
from tests.integration.poison import crowds
from tests.integration.poison.crowds import HOUR, MINUTE, Crowd
from tests.integration.poison.scene import (
    SECOND,
    bound,
    calls_of,
    deadly,
    lateness,
    only,
    put_back,
    put_back_and_die,
)

Prepare = Callable[[WecomCloud, int], Crowd]
STREAMS: dict[str, tuple[Prepare, int]] = {
    "move": (crowds.moved, 120),
    "schedule": (crowds.scheduled, 200),
    "greet": (crowds.greeted, 40),
}
QUEUES: dict[str, tuple[Prepare, int]] = {
    "run_step": (crowds.stepped, 60),
    "deliver": (crowds.delivered, 40),
    "collect": (crowds.collected, 30),
    "pass_time": (crowds.timed, 150),
}
ALL = {**STREAMS, **QUEUES}
HALVINGS, RETRIES = 7, 9
PAUSE = Delivery(retry_after=SECOND)
LONG = 40 * MINUTE  # more than the first look at results waits, and than a message's five tries
TWELVE_TRIES = 2 * HOUR


def before(cloud: WecomCloud, function: str, size: int) -> Crowd:
    """Prepare a crowd, of which a cloud knows nothing but one function."""
    published()
    staffed(cloud, "li", STAFF)
    only(cloud, function, "deliver" if function == "collect" else function)
    return ALL[function][0](cloud, size)


def about(record: dict[str, Any]) -> str:
    """Return what a failed record says: its keys, or its body."""
    return json.dumps(record.get("dynamodb", {}).get("Keys") or record["body"])


@pytest.mark.parametrize("function", ALL)
def test_a_record_that_cannot_be_processed_is_set_aside_alone_and_has_its_effect_once_after_the_repair(function, crowd):
    with WecomCloud() as cloud:
        people = before(cloud, function, crowd(ALL[function][1]))
        cloud.run_for(timedelta(0) if function in STREAMS else LONG)

        assert Counter(people.effects()) == people.unharmed
        [failure] = cloud.failures(function)
        assert "Error" in failure["reason"]
        assert people.bad in about(failure["record"])
        assert len(calls_of(cloud, function)) <= bound(function, len(people.everybody))

        people.mend()
        put_back_and_die(cloud, function)
        for _ in range(2):
            put_back(cloud, function)
            cloud.run_for(2 * MINUTE)
        assert Counter(people.effects()) == Counter(people.everybody)
        assert cloud.failures(function) == []


@pytest.mark.parametrize("function", STREAMS)
def test_a_record_that_kills_the_function_is_given_up_alone_and_soon(function, crowd):
    with WecomCloud(delivery=PAUSE) as cloud:
        people = before(cloud, function, crowd(ALL[function][1]))
        people.mend()
        with deadly(cloud, function, people.bad):
            cloud.run_for(MINUTE)

        assert Counter(people.effects()) == people.unharmed
        [failure] = cloud.failures(function)
        assert failure["DDBStreamBatchInfo"]["batchSize"] == 1
        assert len(calls_of(cloud, function)) <= bound(function, len(people.everybody), 2 * HALVINGS, RETRIES)
        assert lateness(cloud, function) <= (HALVINGS + RETRIES) * SECOND

        for _ in range(2):
            put_back(cloud, function)
        late = ["greet"]  # a welcome is skipped with its reason when its twenty seconds are over
        assert Counter(people.effects()) == (people.unharmed if function in late else Counter(people.everybody))


@pytest.mark.parametrize("function", QUEUES)
def test_a_message_that_kills_the_function_goes_to_its_failures_alone(function, crowd):
    with WecomCloud() as cloud:
        people = before(cloud, function, crowd(ALL[function][1]))
        people.mend()
        with deadly(cloud, function, people.bad):
            cloud.run_for(TWELVE_TRIES)

        assert Counter(people.effects()) == people.unharmed
        [failure] = cloud.failures(function)
        assert people.bad in json.dumps(failure)

        put_back_and_die(cloud, function)
        for _ in range(2):
            put_back(cloud, function)
            cloud.run_for(2 * MINUTE)
        assert Counter(people.effects()) == Counter(people.everybody)
        assert cloud.failures(function) == []
