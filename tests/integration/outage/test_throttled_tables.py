"""DynamoDB throttles in a burst: what is acknowledged is stored, and what is stored finishes."""

import json
from base64 import b64encode
from collections import Counter
from datetime import timedelta
from typing import Any

import pytest

from chalicelib.services.rotate_write_key import rotate_write_key
from tests.harness.wecom import WecomCloud
from tests.integration.outage.outcome import accounting, fates, set_aside, twice
from tests.integration.outage.story import HOUR, MINUTE, joined, local, opened
from tests.integration.outage.throttling import always, behind_the_api, counted, throttled

pytestmark = pytest.mark.usefixtures("command_line")
ALL = Counter({"delivered": 8})


def stored(cloud: WecomCloud, name: str) -> list[str]:
    """Return the subjects of the behaviours of a name."""
    rows = [json.loads(row["document"]) for row in cloud.tables()["behaviours"]]
    return [row["subject"] for row in rows if row["name"] == name]


def batch(cloud: WecomCloud, number: int) -> tuple[bytes, dict[str, str]]:
    """Return a track call of many events, and its headers."""
    key = rotate_write_key("shop", cloud.now)
    events = [
        {"type": "track", "event": "Product Viewed", "messageId": f"m{one}", "userId": f"u{one}"}
        for one in range(number)
    ]
    headers = {"Authorization": "Basic " + b64encode(f"{key}:".encode()).decode(), "Content-Type": "application/json"}
    return json.dumps({"batch": events}).encode(), headers


def callbacks(cloud: WecomCloud) -> list[Any]:
    """Return the answers that WeCom's servers got."""
    return [one.answer for one in cloud.invocations if one.function == "api_handler"]


def test_a_callback_in_a_burst_is_stored_or_not_acknowledged(cloud: WecomCloud) -> None:
    opened(cloud)
    with throttled(cloud, counted(lambda call: call % 3 > 0)) as burst:
        for number in range(30):
            cloud.wecom.follow("li", f"wm-{number}", corp_id="wwcorp")
    statuses = Counter(answer["statusCode"] for answer in callbacks(cloud))
    assert set(statuses) == {200, 500}
    assert sorted(stored(cloud, "wecom.add_external_contact")) == sorted(
        f"wecom:wwcorp:wm-{number}" for number in range(30)
    )
    assert statuses[500] == burst.refused.total()


def test_a_callback_that_no_attempt_could_store_was_acknowledged_by_none(cloud: WecomCloud) -> None:
    opened(cloud)
    with throttled(cloud, always):
        cloud.wecom.follow("li", "wm-1", corp_id="wwcorp")
    assert [answer["statusCode"] for answer in callbacks(cloud)] == [500, 500, 500]
    assert stored(cloud, "wecom.add_external_contact") == []


@pytest.mark.parametrize("passing", [0, 1, 60, 199])
def test_a_track_call_that_is_throttled_in_the_middle_is_not_acknowledged_and_stored_once_when_repeated(
    cloud: WecomCloud, passing: int
) -> None:
    body, headers = batch(cloud, 100)
    with throttled(cloud, counted(lambda call: call > passing)):
        refused = cloud.post("/v1/batch", body, headers)
    assert (refused.status, refused.json()["code"]) == (500, "try_again")
    accepted = cloud.post("/v1/batch", body, headers)
    assert (accepted.status, accepted.json()["accepted"]) == (200, 100)
    assert len(stored(cloud, "Product Viewed")) == 100
    assert len(set(stored(cloud, "Product Viewed"))) == 100


@pytest.mark.parametrize("seconds", [1, 15, 40])
def test_what_is_stored_is_tagged_moved_and_scheduled_when_the_burst_is_over(cloud: WecomCloud, seconds: int) -> None:
    opened(cloud)
    with throttled(cloud, behind_the_api(cloud, timedelta(seconds=seconds))) as burst:
        joined(cloud)
    assert burst.refused.total() > 0
    cloud.run_for(80 * HOUR)
    assert set_aside(cloud) == {}
    assert accounting(cloud).due_unaccounted == 0
    assert fates("main") == fates("branch") == ALL
    assert twice(cloud) == []


@pytest.mark.parametrize("table", ["customers", "enrolments", "pushes", "tokens"])
def test_one_table_alone_may_be_throttled(cloud: WecomCloud, table: str) -> None:
    opened(cloud)
    joined(cloud, 2)
    cloud.run_until(local(cloud, "11:59"))
    with throttled(cloud, behind_the_api(cloud, 3 * MINUTE)) as burst:
        burst.only = table
        cloud.run_until(local(cloud, "12:20"))
    assert burst.refused[table] > 0
    cloud.run_for(80 * HOUR)
    assert set_aside(cloud) == {}
    assert fates("main") == fates("branch") == Counter({"delivered": 4})
    assert twice(cloud) == []


@pytest.mark.parametrize("minutes", [2, 10, 25])
def test_steps_that_fall_due_in_a_burst_run_once_when_it_is_over(cloud: WecomCloud, minutes: int) -> None:
    opened(cloud)
    joined(cloud)
    cloud.run_until(local(cloud, "11:59"))
    with throttled(cloud, behind_the_api(cloud, minutes * MINUTE)) as burst:
        cloud.run_until(local(cloud, "12:30"))
    assert burst.refused["enrolments"] > 0
    cloud.run_for(80 * HOUR)
    assert set_aside(cloud) == {}
    assert accounting(cloud).due_unaccounted == 0
    assert fates("main") == fates("branch") == ALL
    assert twice(cloud) == []
