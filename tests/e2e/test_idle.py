"""The tide is out: customers are on their journeys, nothing is due, and nothing runs."""

import time
from datetime import UTC, datetime, timedelta

import pytest

from infra.local.demo.tracking import Tracker
from infra.local.invocations import Report
from infra.local.trail import recorded
from tests.e2e.cloud import eventually
from tests.e2e.crowds import Peak

pytestmark = pytest.mark.e2e
LONGER_THAN_THE_SCHEDULERS_POLL = 11.0
PATIENCE = 600.0
SOON = 15.0


@pytest.fixture(scope="module")
def window(request: pytest.FixtureRequest) -> float:
    """How many seconds nothing may run."""
    return 120.0 if request.config.getoption("--prove") else 30.0


def invocations(peak: Peak) -> list[Report]:
    """Return all invocations so far."""
    return peak.scene.emulator.invocations()


def falls_silent(peak: Peak, ahead: float) -> bool:
    """Wait until nothing runs any more and no schedule is due for some seconds; return whether that came."""
    last = -1

    def is_silent() -> bool:
        nonlocal last
        before, last = last, len(invocations(peak))
        soon = datetime.now(UTC) + timedelta(seconds=ahead)
        return before == last and not any(instant < soon for instant in peak.due)

    return eventually(is_silent, PATIENCE, every=LONGER_THAN_THE_SCHEDULERS_POLL)


def test_while_nothing_is_due_nothing_runs_and_nothing_is_written(peak: Peak, window: float) -> None:
    assert falls_silent(peak, ahead=2 * window)
    assert peak.waiting == peak.festival.guests
    before = len(invocations(peak))

    with recorded(peak.scene.emulator) as trail:
        time.sleep(window)

    assert trail.calls() == []
    assert len(invocations(peak)) == before


def test_one_behaviour_wakes_what_it_concerns_and_then_all_is_silent_again(peak: Peak) -> None:
    assert falls_silent(peak, ahead=60.0)
    before = len(invocations(peak))
    tracker = Tracker(peak.scene.outputs.api_url, peak.scene.write_key, "nobody")

    with recorded(peak.scene.emulator) as trail:
        assert tracker.send("track", peak.crowd.guests[0].external_userid, "Link Clicked", {}) == 200
        assert eventually(lambda: {"APIHandler", "Tag"} <= woken(peak, before), 30)
        assert falls_silent(peak, ahead=0.0)

    assert "dynamodb.PutItem" in trail.calls("PutItem")
    assert woken(peak, before) <= {"APIHandler", "Tag", "Move", "Schedule", *listeners(peak)}


def woken(peak: Peak, since: int) -> set[str]:
    """Return the functions that ran since there were so many invocations."""
    return {report.function for report in sorted(invocations(peak), key=ended)[since:]}


def test_what_listens_to_the_logs_falls_silent_right_after_the_others(peak: Peak) -> None:
    assert falls_silent(peak, ahead=60.0)
    listening, found = listeners(peak), invocations(peak)
    last = max(ended(report) for report in found if report.function not in listening)
    assert [each for each in found if ended(each) > last + timedelta(seconds=SOON)] == []


def ended(report: Report) -> datetime:
    """Return when an invocation ended."""
    assert report.at
    return report.at


def listeners(peak: Peak) -> set[str]:
    """Return the functions that are woken by the log lines of others."""
    logs, stack = peak.scene.emulator.client("logs"), peak.scene.outputs.stack
    groups = logs.describe_log_groups(logGroupNamePrefix="/aws/lambda/")["logGroups"]
    asked = [logs.describe_subscription_filters(logGroupName=group["logGroupName"]) for group in groups]
    found = [each for answer in asked for each in answer["subscriptionFilters"]]
    names = [each["destinationArn"].rpartition(":function:")[2] for each in found]
    return {name.removeprefix(f"{stack}-").rsplit("-", 1)[0] for name in names}
