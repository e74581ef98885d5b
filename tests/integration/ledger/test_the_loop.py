"""The whole loop's own logs, booked: the ledger has what the platform reported, under the addresses that used it."""

from datetime import timedelta

import pytest

from chalicelib.models import ledger
from tests.harness.delivery import Delivery
from tests.harness.wecom import WecomCloud
from tests.integration.ledger.first import days_of, first, second
from tests.integration.ledger.raw import STACK, Line
from tests.integration.ledger.second import Second
from tests.integration.loop.scenario import play
from tests.integration.loop.story import HOUR, published, staffed

MINUTES = timedelta(minutes=5)
CLOUDS = {"tidy": Delivery(), "everything twice": Delivery(duplicates=True), "in disorder": Delivery(seed=11)}


def recounted(cloud: WecomCloud) -> Second:
    """Return what the second ledger makes of everything that was printed."""
    lines = (Line(function.removeprefix(f"{STACK}-"), "harness", at, text) for function, at, text in cloud.logs.lines)
    return Second("ap-southeast-1").count(lines)


@pytest.mark.parametrize("name", CLOUDS)
def test_the_ledger_is_the_sum_of_what_the_platform_reported(name: str) -> None:
    with WecomCloud(delivery=CLOUDS[name], log_reader="book") as cloud:
        play(cloud)
        cloud.run_for(MINUTES)
        by_hand = recounted(cloud)
        used, paid = first(days_of(by_hand))
        assert cloud.failures("book") == []
    assert (used, paid) == second(by_hand)
    assert by_hand.reports == len(cloud.logs.reports)
    milliseconds = sum(report.billed_ms * report.memory_mb for report in cloud.logs.reports)
    assert sum(number for (*_, name), number in used.items() if name == "lambda_mb_ms") == milliseconds
    assert {dict(key).get("journey") for _, _, key, _ in used} == {None, "demo/main", "demo/order"}


def test_what_a_function_that_dies_has_used_is_nobodys_and_its_next_try_is_paid_again() -> None:
    with WecomCloud(log_reader="book") as cloud:
        published()
        staffed(cloud, "li")
        death = cloud.crash("tag", "after", 2)
        cloud.wecom.follow("li", "wm1", "小王", "expo")
        cloud.run_for(HOUR)
        assert death.happened
        [day] = days_of(by_hand := recounted(cloud))
        lines = [line for line in ledger.lines_of(day) if line.function == "Tag"]
        assert first([day]) == second(by_hand)
    assert sum(line.quantities["lambda_requests"] for line in lines) == 1 + sum(
        report.function.endswith("-Tag") and report.status == "success" for report in cloud.logs.reports
    )
    assert [line.invocations for line in lines if line.is_unattributed] == [1]


def test_what_was_dropped_as_a_duplicate_is_counted_once_by_kind_and_day() -> None:
    with WecomCloud(delivery=Delivery(duplicates=True), log_reader="book") as cloud:
        published()
        staffed(cloud, "li")
        cloud.wecom.follow("li", "wm1", "小王", "expo")
        cloud.run_until_quiet()
        found = ledger.duplicates_of(cloud.now.date())
    assert (found["callback"].taken, found["callback"].dropped) == (1, 1)
    assert len(found["callback"].keys) == 1
