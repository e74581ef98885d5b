"""Batches are cut anywhere, keys overtake each other, sources take turns by lot, and functions die in the middle."""

import copy
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from tests.harness.delivery import Delivery
from tests.harness.template import the_template
from tests.harness.troubles import Troubles
from tests.harness.wecom import WecomCloud
from tests.integration.faults.invariants import broken, pushes
from tests.integration.faults.kinds import Fault, strike, when
from tests.integration.faults.matrix import nameless, outcome
from tests.integration.faults.playing import OFF_THE_QUARTER, Played, mend, on_stage
from tests.integration.faults.points import weight
from tests.integration.faults.shop import Shop
from tests.integration.faults.stories import STORIES
from tests.integration.loop.story import HOUR, published, staffed
from tests.unit.loop.world import DRAFT

SEEDS, FEW_SEEDS = range(40), range(4)
CROWD = tuple(f"wm{number}" for number in range(5))
CUTS: tuple[Fault, ...] = ("killed after", "throttled")
STREAMED = ("tag", "greet", "move", "schedule", "run_step")
ONE_IN = 16


def pytest_generate_tests(metafunc):
    """Draw a sample, or take all."""
    is_all = metafunc.config.getoption("--prove")
    if "seed" in metafunc.fixturenames:
        metafunc.parametrize("seed", SEEDS if is_all else FEW_SEEDS)
        metafunc.parametrize("story", STORIES)
    if "cut" in metafunc.fixturenames:
        found = [cut for cut in cuts() if is_all or weight(str(cut)) % ONE_IN == 0]
        metafunc.parametrize("cut", found, ids=[" ".join(map(str, cut)) for cut in found])


def test_in_any_order_and_twice_nothing_is_sent_twice_lost_or_half_done(story, seed):
    with on_stage(story, Delivery(seed=seed, duplicates=True, cold=STORIES[story].cold)) as stage:
        stage.play(story)
        assert broken(stage) == []


def test_a_batch_that_is_cut_in_the_middle_is_taken_once_by_whoever_comes_again(cut):
    function, call, fault = cut
    assert crowd_with(function, call, fault) == crowd_with()


def cuts() -> list[tuple[str, int, Fault]]:
    """Return every call of the largest batch of each function that takes batches, and the ways to cut it there."""
    most: dict[str, int] = dict.fromkeys(STREAMED, 0)
    with crowd() as stage:
        follow_together(stage)
        for one in stage.cloud.invocations:
            if one.function in most:
                most[one.function] = max(most[one.function], len(one.calls))
    return [(name, call, fault) for name, calls in most.items() for call in range(1, calls + 1) for fault in CUTS]


@contextmanager
def crowd() -> Iterator[Played]:
    """Bring up a cloud whose streams have one lane each, so that everybody's records are in one batch."""
    template = copy.deepcopy(the_template())
    for resource in template["Resources"].values():
        for event in resource.get("Properties", {}).get("Events", {}).values():
            event["Properties"].pop("ParallelizationFactor", None)
    with WecomCloud(template=template) as cloud, Troubles(cloud) as troubles:
        cloud.advance(OFF_THE_QUARTER)
        yield Played(cloud, Shop(cloud), troubles)


def follow_together(stage: Played) -> None:
    """Five follow within an instant, and are all nudged two hours later."""
    published(rules=[rule for rule in DRAFT["rules"] if rule["id"] != "silent"])
    staffed(stage.cloud, "li")
    for who in CROWD:
        stage.cloud.wecom.follow("li", who, f"小{who[-1]}")
    for span in (3 * HOUR, 0 * HOUR):
        stage.cloud.run_for(span)
        mend(stage)


def crowd_with(function: str = "", call: int = 0, fault: Fault = "throttled") -> tuple[Any, ...]:
    """Let them follow, perhaps with a fault; return how it ended."""
    with crowd() as stage:
        striking = stage.cloud.at_call(function, when(fault), call, strike(stage.troubles, function, fault))
        follow_together(stage)
        assert striking.happened is bool(function)
        assert broken(stage) == []
        largest = max(len(one.records) for one in stage.cloud.invocations if one.function == "tag")
        assert largest == len(CROWD)
        return outcome(stage)["tags"], outcome(stage)["runs"], nameless(outcome(stage))["inboxes"], len(pushes())
