"""Segment's released Python SDK, unchanged but for its host."""

from datetime import UTC, datetime
from typing import Any

import pytest
from segment.analytics.client import Client
from segment.analytics.request import post

from tests.e2e.cloud import Cloud

pytestmark = pytest.mark.e2e
PEOPLE = 10
EVENTS = 1000


def stored(cloud: Cloud) -> list[dict[str, Any]]:
    """Return all behaviours of the people whom the SDK told of."""
    subjects = [f"user:sdk-{number}" for number in range(PEOPLE)]
    return [row for subject in subjects for row in cloud.rows("behaviours", "subject", subject)]


def test_a_thousand_events_are_all_in_the_table_once(cloud: Cloud) -> None:
    failures: list[object] = []
    client = Client(
        cloud.scene.write_key,
        host=cloud.scene.outputs.api_url,
        on_error=lambda error, batch: failures.append(error),
        gzip=True,
        timeout=30,
    )
    for number in range(EVENTS):
        client.track(f"sdk-{number % PEOPLE}", "SDK Event", {"number": number})
    client.flush()
    client.join()
    assert failures == []
    assert sorted(row["properties"]["number"] for row in stored(cloud)) == list(range(EVENTS))


def test_a_batch_that_the_sdk_sends_twice_is_stored_once(cloud: Cloud) -> None:
    moment = datetime.now(UTC).isoformat()
    batch = [
        {"type": "track", "event": "Twice", "userId": "sdk-twice", "messageId": f"twice-{number}", "timestamp": moment}
        for number in range(20)
    ]
    for _ in range(2):
        post(cloud.scene.write_key, cloud.scene.outputs.api_url, timeout=30, batch=batch)
    assert len(cloud.rows("behaviours", "subject", "user:sdk-twice")) == len(batch)
