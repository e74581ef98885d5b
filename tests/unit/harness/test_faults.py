from datetime import timedelta
from typing import Any

import pytest
import urllib3

from tests.harness import Call, Cloud, Delivery
from tests.harness.faults import When
from tests.harness.web import WebAnswer
from tests.unit.harness.conftest import Bring
from tests.unit.harness.small_stack import Spy, client, line_up, plan, send, url, write

pytestmark = pytest.mark.integration
NOTHING: dict[str, Any] = {"Records": []}
WORK = [
    Call("dynamodb", "PutItem", "facts"),
    Call("sqs", "SendMessage", "ReadFailures"),
    Call("scheduler", "CreateSchedule", "wake"),
    Call("http", "POST", "/cgi-bin/send"),
    Call("ssm", "GetParameter", "secret"),
]


def work(event: Any, context: Any) -> None:
    """One call of every kind."""
    write("a1")
    client("sqs").send_message(QueueUrl=url("ReadFailures"), MessageBody="x")
    plan("wake", "2026-03-03T09:00:00")
    urllib3.PoolManager().request("POST", "https://qyapi.example/cgi-bin/send?token=t", body=b"{}")
    client("ssm").get_parameter(Name="secret")


def ready(cloud: Cloud) -> Cloud:
    """Give the work its secret and its web."""
    client("ssm").put_parameter(Name="secret", Value="s", Type="SecureString")
    url("ReadFailures")
    cloud.web = lambda request: WebAnswer(b"{}")
    return cloud


def test_every_remote_call_of_an_invocation_is_listed_in_order_and_the_tests_own_are_not(bring_up: Bring) -> None:
    cloud = ready(bring_up(read=work))
    write("z9")
    assert cloud.calls_of("read", NOTHING) == WORK
    assert [str(call) for call in cloud.invocations[0].calls][:1] == ["dynamodb PutItem facts"]


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("number", range(1, len(WORK) + 1))
def test_a_crash_before_a_call_leaves_it_undone_and_one_after_it_done(bring_up: Bring, number: int, when: When) -> None:
    cloud = ready(bring_up(read=work))
    crash = cloud.crash("read", when, number)
    assert not crash.happened
    invocation = cloud.invoke("read", NOTHING)
    assert crash.happened
    assert invocation.outcome == "crashed"
    assert invocation.calls == WORK[:number]
    done = number - 1 if when == "before" else number
    assert traces(cloud) == [done >= 1, done >= 2, done >= 3]


def traces(cloud: Cloud) -> list[bool]:
    """Which of the first three calls left something."""
    schedules = client("scheduler").list_schedules(GroupName="chaoxi-test")["Schedules"]
    return [bool(cloud.tables()["facts"]), bool(cloud.messages("ReadFailures")), bool(schedules)]


def test_a_function_cannot_catch_its_crash(bring_up: Bring) -> None:
    def stubborn(event: Any, context: Any) -> str:
        try:
            write("a1")
        except Exception:  # noqa: BLE001 - a function that swallows everything is what this is about
            return "went on"
        return "done"

    cloud = bring_up(read=stubborn)
    cloud.crash("read", "before", 1)
    assert cloud.invoke("read", NOTHING).answer is None
    assert cloud.invoke("read", NOTHING).answer == "done"


def test_after_a_crash_the_stream_delivers_again_at_once(bring_up: Bring) -> None:
    listen = Spy(lambda records: line_up("a"))
    cloud = bring_up(listen)
    cloud.crash("listen", "after", 1)
    write("a1")
    cloud.run_until_quiet()
    assert [one.outcome for one in cloud.invocations if one.function == "listen"] == ["crashed", "ok"]


def test_after_a_crash_the_queue_delivers_again_when_the_message_is_visible(bring_up: Bring) -> None:
    cloud = bring_up(read=Spy(lambda records: write("a1")))
    cloud.crash("read", "after", 1)
    send("job")
    cloud.run_until_quiet()
    assert [one.outcome for one in cloud.invocations if one.function == "read"] == ["crashed"]
    cloud.run_for(timedelta(seconds=30))
    assert [one.outcome for one in cloud.invocations if one.function == "read"] == ["crashed", "ok"]


def test_a_crash_waits_for_an_invocation_that_gets_so_far(bring_up: Bring) -> None:
    cloud = bring_up(read=lambda event, context: write(*event["names"]))
    crash = cloud.crash("read", "after", 2)
    assert cloud.invoke("read", {"names": ["a1"]}).outcome == "ok"
    assert cloud.invoke("read", {"names": ["a2", "a3", "a4"]}).outcome == "crashed"
    assert cloud.invoke("read", {"names": ["a2", "a3", "a4"]}).outcome == "ok"
    assert crash.happened
    assert len(cloud.tables()["facts"]) == 4


def test_a_crash_can_be_kept_for_a_later_invocation(bring_up: Bring) -> None:
    cloud = bring_up(read=lambda event, context: write(*event["names"]))
    cloud.crash("read", "before", 1, skip=2)
    outcomes = [cloud.invoke("read", {"names": ["a1"]}).outcome for _ in range(4)]
    assert outcomes == ["ok", "ok", "crashed", "ok"]


def test_another_invocation_can_be_let_in_between_two_calls(bring_up: Bring) -> None:
    cloud = bring_up(lambda event, context: None, read=lambda event, context: write(*event["names"]))
    cloud.at_call("read", "after", 1, lambda: cloud.invoke("read", {"names": ["b1"]}))
    outer = cloud.invoke("read", {"names": ["a1", "a2"]})
    assert [one.outcome for one in cloud.invocations] == ["ok", "ok"]
    assert len(outer.calls) == 2
    assert len(cloud.tables()["facts"]) == 3


def test_a_web_without_an_answer_raises_what_urllib3_raises(bring_up: Bring) -> None:
    def lost(request: Any) -> WebAnswer:
        raise urllib3.exceptions.ProtocolError("lost")

    def ask(event: Any, context: Any) -> None:
        urllib3.PoolManager().request("GET", "https://qyapi.example/x", retries=False)

    cloud = bring_up(read=ask)
    cloud.web = lost
    assert isinstance(cloud.invoke("read", NOTHING).error, urllib3.exceptions.ProtocolError)


def test_a_crash_is_the_death_of_the_process_and_what_it_had_cached_is_gone(bring_up: Bring) -> None:
    from chalicelib.gateways.accounts import missing

    def keep_and_write(event: Any, context: Any) -> None:
        missing().update(x=1.0)
        write("a1")

    cloud = bring_up(read=keep_and_write)
    cloud.crash("read", "after", 1)
    cloud.invoke("read", NOTHING)
    assert missing() == {}
    cloud.invoke("read", NOTHING)
    assert missing() == {"x": 1.0}


@pytest.mark.parametrize(("cold", "kept"), [(False, 2), (True, 1)])
def test_what_the_product_caches_lasts_from_one_invocation_to_the_next_unless_all_are_cold(
    bring_up: Bring, cold: bool, kept: int
) -> None:
    from chalicelib.gateways.accounts import missing

    cloud = bring_up(read=lambda event, context: missing().update({event["n"]: 1.0}), delivery=Delivery(cold=cold))
    cloud.invoke("read", {"n": "a"})
    cloud.invoke("read", {"n": "b"})
    assert len(missing()) == kept
