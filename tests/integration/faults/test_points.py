"""Points are found, not written down."""

from typing import Any

import pytest

from tests.harness.database import client
from tests.harness.faults import crash
from tests.integration.faults.invariants import broken
from tests.integration.faults.kinds import FAULTS
from tests.integration.faults.matrix import all_rows, clean_runs, outcome, sample
from tests.integration.faults.playing import Played, on_stage
from tests.integration.faults.points import Point, Signature, points_of

EVERY_FUNCTION = {
    "api_handler", "tag", "greet", "move", "schedule", "run_step", "deliver", "collect", "pass_time",
}  # fmt: skip


def with_one_more_call(stage: Played, function: str) -> None:
    """Let a function ask for a queue's address before anything else."""
    functions: Any = stage.cloud.functions.functions
    before = functions[function]

    def asking(event: Any, context: Any) -> Any:
        client("sqs").get_queue_url(QueueName=f"{stage.cloud.stack.name}-timers")
        return before(event, context)

    functions[function] = asking


def points_with_one_more_call(function: str) -> dict[str, Point]:
    with on_stage("a day") as stage:
        with_one_more_call(stage, function)
        stage.play("a day")
        found: dict[Signature, Point] = {}
        points_of("a day", stage.cloud.invocations, found)
        return {point.id: point for point in found.values()}


@pytest.mark.parametrize("function", ["schedule", "deliver"])
def test_a_call_that_is_added_to_a_function_has_its_rows_without_anybody_writing_them(function):
    added = points_with_one_more_call(function)[f"{function} 1 sqs GetQueueUrl"]
    with on_stage("a day") as stage:
        with_one_more_call(stage, function)
        striking = stage.cloud.at_call(function, "after", added.number, crash, added.skip)
        stage.play("a day")
        assert striking.happened
        assert broken(stage) == []
        assert outcome(stage) == clean_runs().ends["a day"]


def test_every_function_has_its_rows_and_each_row_a_name_of_its_own():
    assert {point.function for point in clean_runs().points} >= EVERY_FUNCTION
    names = [row.id for row in all_rows()]
    assert len(set(names)) == len(names)


def test_the_sample_has_every_function_with_every_fault():
    wanted = {(point.function, fault) for point in clean_runs().points for fault in FAULTS}
    assert {(row.point.function, row.fault) for row in sample()} == wanted


def test_a_sample_is_the_same_however_often_it_is_drawn():
    assert [row.id for row in sample()] == [row.id for row in sample()]
