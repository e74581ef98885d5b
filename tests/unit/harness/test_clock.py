import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

import pytest

from tests.harness import StillBusyError
from tests.unit.harness.conftest import Bring
from tests.unit.harness.small_stack import Spy, cloud_with, plan, send, write

pytestmark = pytest.mark.integration
SECOND = timedelta(seconds=1)


def test_the_whole_process_sees_the_clock_and_it_stands_still(bring_up: Bring) -> None:
    cloud = bring_up()
    assert datetime.now(UTC) == cloud.now == datetime(2026, 3, 2, 2, tzinfo=UTC)
    cloud.advance(timedelta(days=31))
    assert time.time() == cloud.now.timestamp()
    assert cloud.now == datetime(2026, 4, 2, 2, tzinfo=UTC)


def test_the_clock_does_not_run_backwards(bring_up: Bring) -> None:
    with pytest.raises(ValueError, match="backwards"):
        bring_up().advance(-SECOND)


def test_what_falls_due_while_the_clock_is_moved_is_delivered_late_and_not_lost(bring_up: Bring) -> None:
    read = Spy()
    cloud = bring_up(read=read)
    send("job", delay=10)
    cloud.advance(timedelta(hours=1))
    assert read.all == []
    cloud.run_until_quiet()
    assert read.all == ["job"]


def test_running_for_a_month_jumps_from_event_to_event(bring_up: Bring) -> None:
    def again(event: Any, context: Any) -> None:
        tomorrow = datetime.now(UTC) + timedelta(days=1)
        plan(f"day-{tomorrow:%j}", f"{tomorrow:%Y-%m-%dT%H:%M:%S}")

    cloud = bring_up(read=again)
    start = cloud.now
    send("first")
    cloud.run_for(timedelta(days=30))
    assert [one.at for one in cloud.invocations] == [start + timedelta(days=day) for day in range(31)]
    assert cloud.now == start + timedelta(days=30)


def test_what_never_comes_to_rest_is_named(bring_up: Bring) -> None:
    numbers = count()
    cloud = bring_up(lambda event, context: write(f"a{next(numbers)}"))
    cloud.runner.patience = 50
    write("ax")
    with pytest.raises(StillBusyError, match=r"after 50 turns; the last 50 invocations: listen 50.*'who': {'S': 'a'}"):
        cloud.run_until_quiet()


def test_a_sleep_inside_a_function_moves_the_clock_and_takes_no_time(bring_up: Bring) -> None:
    cloud = bring_up(read=lambda event, context: time.sleep(3_600))
    before = cloud.now
    cloud.invoke("read", {"Records": []})
    assert cloud.now == before + timedelta(hours=1)


def test_tasks_of_a_thread_pool_start_at_one_instant_and_take_as_long_as_the_longest(bring_up: Bring) -> None:
    starts: list[datetime] = []

    def nap(seconds: float) -> int:
        starts.append(cloud.now)
        time.sleep(seconds)
        return threading.get_ident()

    def side_by_side(event: Any, context: Any) -> None:
        with ThreadPoolExecutor(3) as pool:
            assert set(pool.map(nap, [1, 5, 2])) == {threading.get_ident()}

    cloud = bring_up(read=side_by_side)
    before = cloud.now
    assert cloud.invoke("read", {"Records": []}).outcome == "ok"
    assert set(starts) == {before}
    assert cloud.now == before + timedelta(seconds=5)


def test_an_error_in_a_thread_pool_reaches_whoever_asks_for_the_result(bring_up: Bring) -> None:
    def fail() -> None:
        raise KeyError("x")

    def side_by_side(event: Any, context: Any) -> str:
        with ThreadPoolExecutor(3) as pool:
            return type(pool.submit(fail).exception()).__name__

    assert bring_up(read=side_by_side).invoke("read", {"Records": []}).answer == "KeyError"


def test_only_one_cloud_is_up_at_a_time(bring_up: Bring) -> None:
    bring_up()
    with pytest.raises(RuntimeError, match="another cloud is up"):
        bring_up()


def test_after_a_cloud_the_process_has_its_own_time_again() -> None:
    own_sleep = time.sleep
    with cloud_with() as cloud:
        assert time.sleep is not own_sleep
        then = cloud.now
    assert time.sleep is own_sleep
    assert abs(datetime.now(UTC) - then) > timedelta(hours=1)
