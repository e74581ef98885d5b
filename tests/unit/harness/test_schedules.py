from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.harness import Cloud, Delivery, NotImitatedError, UndefinedInTheCloudError
from tests.unit.harness.conftest import Bring
from tests.unit.harness.small_stack import STACK, Spy, client, plan

pytestmark = pytest.mark.integration
NINE = "2026-03-03T09:00:00"
AT_NINE = datetime(2026, 3, 3, 9, tzinfo=UTC)


def names(cloud: Cloud) -> list[str]:
    return [one["Name"] for one in client("scheduler").list_schedules(GroupName=STACK)["Schedules"]]


def test_a_schedule_puts_its_input_on_its_queue_when_the_clock_reaches_it_and_is_gone(bring_up: Bring) -> None:
    read = Spy()
    cloud = bring_up(read=read)
    plan("wake", NINE, {"who": "a"})
    assert names(cloud) == ["wake"]
    cloud.run_until(AT_NINE + timedelta(days=30))
    assert read.all == ['{"who": "a"}']
    assert [one.at for one in cloud.invocations] == [AT_NINE]
    assert names(cloud) == []


def test_a_schedule_that_is_deleted_or_replaced_does_not_fire_as_it_was(bring_up: Bring) -> None:
    read = Spy()
    cloud = bring_up(read=read)
    plan("gone", NINE, "gone")
    plan("moved", NINE, "old")
    client("scheduler").delete_schedule(Name="gone", GroupName=STACK)
    moved = client("scheduler").get_schedule(Name="moved", GroupName=STACK)
    client("scheduler").update_schedule(
        Name="moved",
        GroupName=STACK,
        ScheduleExpression="at(2026-03-04T09:00:00)",
        FlexibleTimeWindow={"Mode": "OFF"},
        Target={**moved["Target"], "Input": "new"},
    )
    cloud.run_until(AT_NINE + timedelta(hours=1))
    assert read.all == []
    cloud.run_for(timedelta(days=1))
    assert read.all == ["new"]


def test_with_duplicates_a_schedule_fires_twice(bring_up: Bring) -> None:
    cloud = bring_up(read=Spy(), delivery=Delivery(duplicates=True))
    plan("wake", NINE, queue="ReadFailures")
    cloud.run_until(AT_NINE)
    assert cloud.messages("ReadFailures") == ["woken", "woken"]
    assert names(cloud) == []


def test_a_schedule_may_fire_late(bring_up: Bring) -> None:
    cloud = bring_up(delivery=Delivery(late=timedelta(seconds=59)))
    plan("wake", NINE, queue="ReadFailures")
    cloud.run_until(AT_NINE + timedelta(seconds=58))
    assert cloud.messages("ReadFailures") == []
    cloud.run_for(timedelta(seconds=1))
    assert cloud.messages("ReadFailures") == ["woken"]


def test_the_same_name_twice_is_a_conflict(bring_up: Bring) -> None:
    bring_up()
    plan("wake", NINE)
    with pytest.raises(client("scheduler").exceptions.ConflictException):
        plan("wake", NINE)


def test_what_is_kept_after_its_completion_keeps_its_name(bring_up: Bring) -> None:
    cloud = bring_up()
    plan("wake", NINE, ActionAfterCompletion="NONE")
    cloud.run_until(AT_NINE)
    assert names(cloud) == ["wake"]


def test_a_disabled_schedule_never_fires(bring_up: Bring) -> None:
    cloud = bring_up()
    plan("wake", NINE, queue="ReadFailures", State="DISABLED")
    cloud.run_until(AT_NINE + timedelta(days=1))
    assert cloud.messages("ReadFailures") == []


@pytest.mark.parametrize(
    "wrong",
    [
        {"Name": "x" * 65},
        {"Name": "with space"},
        {"Name": "潮汐"},
        {"ScheduleExpression": "at(2026-03-03 09:00)"},
        {"ScheduleExpression": "rate(5 minutes)"},
    ],
)
def test_a_name_or_a_time_that_the_cloud_refuses_is_refused(bring_up: Bring, wrong: dict[str, Any]) -> None:
    bring_up()
    with pytest.raises(ClientError, match="ValidationException"):
        plan(**{"name": "wake", "at": NINE, **wrong})


@pytest.mark.parametrize("operation", ["get_schedule", "delete_schedule"])
def test_a_schedule_that_is_not_there_is_not_found(bring_up: Bring, operation: str) -> None:
    bring_up()
    with pytest.raises(client("scheduler").exceptions.ResourceNotFoundException):
        getattr(client("scheduler"), operation)(Name="nobody", GroupName=STACK)


def test_a_time_that_is_over_ends_the_test_and_not_merely_the_invocation(bring_up: Bring) -> None:
    def careless(event: Any, context: Any) -> None:
        try:
            plan("wake", "2026-03-02T02:00:00")
        except Exception:  # noqa: BLE001 - a function that swallows everything is what this is about
            return

    cloud = bring_up(read=careless)
    with pytest.raises(UndefinedInTheCloudError, match="not in the future"):
        cloud.invoke("read", {"Records": []})


def test_a_schedule_in_another_zone_is_not_imitated(bring_up: Bring) -> None:
    bring_up()
    with pytest.raises(NotImitatedError):
        plan("wake", NINE, ScheduleExpressionTimezone="Asia/Shanghai")


def test_two_thousand_schedules_at_one_instant_all_arrive(bring_up: Bring) -> None:
    read = Spy()
    cloud = bring_up(read=read)
    for number in range(2_000):
        plan(f"wake-{number}", NINE, str(number))
    cloud.run_until(AT_NINE)
    assert len(set(read.all)) == 2_000
