"""What was dropped because it was there already is counted by kind, and a sample of its keys is kept."""

import json
from collections import Counter
from typing import Any, get_args

import pytest

from chalicelib.metering.inputs import Kind
from chalicelib.models.behaviours import BehaviourRow
from tests.harness.delivery import Delivery
from tests.harness.wecom import WecomCloud
from tests.integration.loop.scenario import play
from tests.integration.loop.story import customer, published, staffed

INPUTS = {"callback", "event"}
Captured = pytest.CaptureFixture[str]


def counted(printed: str) -> dict[str, Counter[str]]:
    """Return what was taken and what was dropped, by kind, as the usage lines of all invocations say."""
    totals: dict[str, Counter[str]] = {"taken": Counter(), "dropped": Counter()}
    for line in usage_in(printed):
        for kind, inputs in line["duplicates"].items():
            totals["taken"][kind] += inputs["taken"]
            totals["dropped"][kind] += inputs["dropped"]
    return totals


def usage_in(printed: str) -> list[dict[str, Any]]:
    """Return the usage lines among what functions printed."""
    return [json.loads(line) for line in printed.splitlines() if line.startswith('{"kind":"usage"')]


@pytest.fixture(scope="module")
def played() -> dict[str, dict[str, Counter[str]]]:
    """Return the counts of one story, told as it is and with everything in it delivered twice."""
    return {}


def counts_of(played: dict[str, dict[str, Counter[str]]], capsys: Captured, twice: bool) -> dict[str, Counter[str]]:
    """Play the story, or remember how it went."""
    name = "twice" if twice else "once"
    if name not in played:
        with WecomCloud(delivery=Delivery(duplicates=twice)) as cloud:
            play(cloud)
        played[name] = counted(capsys.readouterr().out)
    return played[name]


def test_where_everything_comes_once_every_input_is_taken_and_none_is_dropped(played, capsys):
    once = counts_of(played, capsys, twice=False)
    assert {kind: once["dropped"][kind] for kind in INPUTS} == dict.fromkeys(INPUTS, 0)
    assert set(get_args(Kind)) <= set(once["taken"])


def test_every_callback_and_event_that_comes_twice_is_dropped_once(played, capsys):
    once, twice = (counts_of(played, capsys, twice) for twice in (False, True))
    for kind in INPUTS:
        assert (twice["taken"][kind], twice["dropped"][kind]) == (once["taken"][kind], once["taken"][kind])


def test_what_comes_twice_is_taken_as_often_as_what_comes_once(played, capsys):
    once, twice = (counts_of(played, capsys, twice) for twice in (False, True))
    assert twice["taken"] == once["taken"]
    assert set(twice["dropped"]) >= {"stream_record", "welcome", "schedule", "step", "batch_message", "poll", "timer"}


def test_a_sample_of_what_was_dropped_is_in_the_usage_line(capsys):
    with WecomCloud(delivery=Delivery(duplicates=True)) as cloud:
        published()
        staffed(cloud, "li")
        cloud.wecom.follow("li", "wm1", "小王")
    [line] = [line for line in usage_in(capsys.readouterr().out) if line["duplicates"]["callback"]["dropped"]]
    [key] = line["duplicates"]["callback"]["keys"]
    assert key.startswith("wecom:wwcorp:wm1/")


def test_a_record_that_comes_back_after_a_fault_is_taken_once(capsys):
    with WecomCloud() as cloud:
        published()
        staffed(cloud, "li")
        died = cloud.crash("tag", "after", 3)
        cloud.wecom.follow("li", "wm1", "小王")
        cloud.run_until_quiet()
        assert died.happened
    found = counted(capsys.readouterr().out)
    assert (found["taken"]["stream_record"], found["dropped"]["stream_record"]) == (2, 0)


def test_one_who_follows_is_removed_and_follows_again_within_a_second_is_a_friend(capsys):
    with WecomCloud() as cloud:
        published()
        staffed(cloud, "li")
        cloud.wecom.follow("li", "wm1", "小王")
        cloud.wecom.unfollow("li", "wm1")
        cloud.wecom.follow("li", "wm1", "小王")
        cloud.run_until_quiet()
        follows = [row.value for row in BehaviourRow.scan() if row.value.name == "wecom.add_external_contact"]
        assert len({follow.welcome_code for follow in follows}) == 2
        assert [tie.state for tie in customer("wm1").relations.values()] == ["friend"]
    assert counted(capsys.readouterr().out)["dropped"]["callback"] == 0
