"""A company with some customers, in the harness: the real functions with the example playbook."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from benchmarks.stopwatch import Stopwatch, watching
from chalicelib.domain.behaviour import Behaviour
from chalicelib.models.behaviours import BehaviourRow
from chalicelib.services.publish_playbook import publish_playbook
from infra.playbook_file import load
from tests.harness.wecom import WecomCloud

PLAYBOOK = Path(__file__).parents[1] / "playbooks" / "consultation.yaml"
MORNING = datetime(2026, 11, 22, 1, tzinfo=UTC)
SETTLED = timedelta(minutes=2)


@contextmanager
def village(customers: int, staff: int = 1) -> Iterator[tuple[WecomCloud, Stopwatch]]:
    """Yield a cloud whose customers have followed and are enrolled, and a stopwatch that has seen nothing yet."""
    with WecomCloud(start=MORNING) as cloud, watching(cloud) as watch:
        publish_playbook(load(PLAYBOOK))
        names = [f"s{number}" for number in range(staff)]
        for name in names:
            cloud.wecom.add_staff("wwcorp", name)
        for number in range(customers):
            cloud.wecom.follow(names[number % staff], f"wm{number}", f"客户{number}")
        cloud.run_for(SETTLED)
        watch.begin()
        yield cloud, watch


def behave(cloud: WecomCloud, customers: int) -> list[dict[str, Any]]:
    """Have every customer look at a page; return the stream's records of that, one a customer."""
    behaviours = next(stream for stream in cloud.streams.values() if stream.table.name.endswith("-behaviours"))
    cloud.advance(timedelta(seconds=1))
    for number in range(customers):
        BehaviourRow.record(Behaviour(
            subject=f"wecom:wwcorp:wm{number}",
            occurred_at=cloud.now,
            id=f"{cloud.now:%H%M%S}-{number}",
            name="page",
            account="shop",
            source="bench",
            received_at=cloud.now,
            properties={"name": "price"},
        ))
    cloud.read_streams()
    return [record.shown() for record in behaviours.records[-customers:]]


def invoke(cloud: WecomCloud, function: str, records: Sequence[dict[str, Any]], batch: int) -> None:
    """Hand records to a function, so many at a time."""
    for start in range(0, len(records), batch):
        made = cloud.invoke(function, {"Records": list(records[start : start + batch])})
        if made.outcome != "ok":
            raise RuntimeError(f"{function}: {made.outcome} {made.error}")
