"""What was delivered once comes again: later, all of it, under another message id, or three hours after it was due."""

from copy import deepcopy
from datetime import timedelta

import pytest

from tests.harness.delivery import Delivery
from tests.harness.faults import crash
from tests.integration.faults.invariants import broken, pushes
from tests.integration.faults.matrix import clean_runs, outcome
from tests.integration.faults.playing import Played, on_stage, played
from tests.integration.faults.points import Point, weight
from tests.integration.faults.stories import STORIES
from tests.integration.loop.scenario import rows

HOUR = timedelta(hours=1)
QUEUED = ("run_step", "deliver", "collect", "pass_time")
ONE_IN = 4


def everything_again(stage: Played, seen: int = 0) -> None:
    """Hand every event to its function once more, the last one first."""
    for one in reversed(stage.cloud.invocations[seen:]):
        assert stage.cloud.invoke(one.function, deepcopy(one.event)).outcome == "ok"
    stage.cloud.run_until_quiet()


@pytest.mark.parametrize("story", STORIES)
def test_everything_that_was_ever_delivered_comes_again_at_the_end_and_changes_nothing(story):
    with played(story) as stage:
        before, made = rows(stage.cloud), len(stage.cloud.wecom.calls)
        everything_again(stage)
        assert rows(stage.cloud) == before
        assert [call.path for call in stage.cloud.wecom.calls[made:]] == []


@pytest.mark.parametrize("story", STORIES)
def test_what_an_act_delivered_comes_again_after_it_in_reverse_and_changes_nothing(story):
    with on_stage(story) as stage:
        seen = 0
        for _ in stage.acts(story):
            everything_again(stage, seen)
            seen = len(stage.cloud.invocations)
        assert broken(stage) == []
        assert outcome(stage) == clean_runs().ends[story]


def pytest_generate_tests(metafunc):
    """Take each call at which a message's first delivery may die."""
    if "point" in metafunc.fixturenames:
        found = [each for each in clean_runs().points if each.function in QUEUED and each.story == "a day"]
        if not metafunc.config.getoption("--prove"):
            found = [each for each in found if weight(each.id) % ONE_IN == 0]
        metafunc.parametrize("point", found, ids=[each.id for each in found])


def test_a_message_whose_function_died_and_that_was_queued_anew_under_another_id_goes_on_once(point: Point):
    with on_stage(point.story) as stage:
        striking = stage.cloud.at_call(point.function, "after", point.number, lambda: die_and_queue(stage), point.skip)
        stage.play(point.story)
        assert striking.happened
        assert broken(stage) == []
        assert outcome(stage) == clean_runs().ends[point.story]


def die_and_queue(stage: Played) -> None:
    """Put a copy of each message on its queue, and die, so that the first ones come again too."""
    for record in stage.cloud.invocations[-1].records:
        queue = stage.cloud.queues.by_arn[record["eventSourceARN"]]
        group = record["attributes"].get("MessageGroupId", "")
        copy = queue.send(record["body"], group=group, dedup=f"again-{record['messageId']}" if group else "")
        assert copy.id != record["messageId"]
    crash()


@pytest.mark.parametrize("story", ["a day", "group-sends without an answer"])
def test_schedules_that_fire_three_hours_late_lose_nothing_and_send_nothing_twice(story):
    with on_stage(story, Delivery(late=3 * HOUR)) as stage:
        stage.play(story)
        assert broken(stage) == []
        assert {push.rule for push in pushes()} >= rules_sent_by(story) - {"demo@1/main/new/nudge"}


def rules_sent_by(story: str) -> set[str]:
    """Return the steps that a clean run sends."""
    return {line.split()[1] for line in clean_runs().ends[story]["pushes"] if "/welcome" not in line}
