"""WeCom is out of reach while steps fall due: nothing is lost, nothing goes out twice, nothing at night."""

from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
from urllib3.exceptions import NewConnectionError

from tests.harness.wecom import WecomCloud, responder_of
from tests.integration.outage.outcome import (
    accounting,
    calls,
    fates,
    metrics,
    redriven,
    set_aside,
    texts,
    twice,
)
from tests.integration.outage.story import (
    CREATE,
    FOREVER,
    HOUR,
    MINUTE,
    customer_of,
    joined,
    local,
    opened,
    suffered,
)

Captured = pytest.CaptureFixture[str]
ALL = Counter({"delivered": 8})
Fault = Callable[[WecomCloud], object]


def nobody_listens(_request: Any) -> Any:
    nobody: Any = None
    raise NewConnectionError(nobody, "refused")


def refuse(cloud: WecomCloud) -> None:
    cloud.web = nobody_listens


def fault(kind: str, **more: Any) -> Fault:
    return lambda cloud: cloud.wecom.faults.add("*", kind, FOREVER, **more)


def healed(cloud: WecomCloud) -> None:
    cloud.web = responder_of(cloud)
    cloud.wecom.faults.clear()
    cloud.wecom.change_rules({"latency": 0})


OUTAGES: dict[str, Fault] = {
    "nobody listens": refuse,
    "status 500": fault("http_500"),
    "no answer to what was not done": fault("timeout_before"),
    "no answer to what was done": fault("drop_after"),
    "an unreadable answer to what was done": fault("garbage"),
    "system busy": fault("errcode", errcode=-1),
    "slower than anybody waits": lambda cloud: cloud.wecom.change_rules({"latency": 6}),
}


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """An hour of every kind; in full also three hours."""
    if "hours" in metafunc.fixturenames:
        metafunc.parametrize("hours", [1, 3] if metafunc.config.getoption("--prove") else [1])


@pytest.mark.usefixtures("command_line")
@pytest.mark.parametrize("begin", OUTAGES.values(), ids=OUTAGES)
def test_whatever_fell_due_while_the_platform_was_away_goes_out_once_when_it_is_back(
    cloud: WecomCloud, begin: Fault, hours: int, capsys: Captured
) -> None:
    suffered(cloud, lambda: begin(cloud), lambda: healed(cloud), hours * HOUR)
    assert metrics(capsys.readouterr().out)["BatchHeld"] > 0
    back = cloud.now
    cloud.run_for(45 * MINUTE)
    assert accounting(cloud).due_unaccounted == 0
    cloud.run_until(back + 80 * HOUR)
    assert fates("main") == fates("branch") == ALL
    assert [texts(cloud, "main", number) for number in range(4)] == [["您好", "午间", "晚间"]] * 4
    assert twice(cloud) == []
    assert set_aside(cloud) == {}
    assert accounting(cloud).due_unaccounted == 0


@pytest.mark.usefixtures("command_line")
def test_a_platform_that_takes_four_seconds_a_call_makes_nothing_late(cloud: WecomCloud) -> None:
    slow, fast = 4, 0
    suffered(
        cloud,
        lambda: cloud.wecom.change_rules({"latency": slow}),
        lambda: cloud.wecom.change_rules({"latency": fast}),
        HOUR,
    )
    assert accounting(cloud).due_unaccounted == 0
    cloud.run_for(80 * HOUR)
    assert fates("main") == fates("branch") == ALL
    assert twice(cloud) == []
    due = [at for at in calls(cloud, CREATE) if at < local(cloud, "13:00", days=-3)]
    assert max(at.minute % 15 for at in due) <= 4
    assert set_aside(cloud) == {}


@pytest.mark.usefixtures("command_line")
def test_results_that_could_not_be_asked_for_come_in_when_the_platform_is_back(
    cloud: WecomCloud, capsys: Captured
) -> None:
    opened(cloud)
    joined(cloud)
    cloud.run_until(local(cloud, "12:20"))
    capsys.readouterr()
    refuse(cloud)
    cloud.run_until(local(cloud, "14:00"))
    assert metrics(capsys.readouterr().out)["ResultsHeld"] > 0
    healed(cloud)
    cloud.run_for(32 * MINUTE)
    assert fates("main")["delivered"] >= 1
    cloud.run_for(80 * HOUR)
    assert fates("main") == fates("branch") == ALL
    assert set_aside(cloud) == {}


@pytest.mark.usefixtures("command_line")
def test_what_an_evening_could_not_take_waits_for_the_morning(cloud: WecomCloud) -> None:
    opened(cloud)
    joined(cloud)
    cloud.run_until(local(cloud, "20:25"))
    refuse(cloud)
    cloud.run_until(local(cloud, "23:30"))
    healed(cloud)
    cloud.run_until(local(cloud, "23:00", days=1))
    evening = [at for at in calls(cloud, CREATE) if at > local(cloud, "20:25", days=-1)]
    morning = local(cloud, "07:00")
    assert len(evening) == 2
    assert all(morning <= at <= morning + 5 * MINUTE for at in evening)
    cloud.run_for(80 * HOUR)
    assert fates("main") == ALL


@pytest.mark.usefixtures("command_line")
def test_a_platform_that_is_away_for_a_whole_day_leaves_the_batch_to_a_person(cloud: WecomCloud) -> None:
    suffered(cloud, lambda: refuse(cloud), lambda: healed(cloud), 25 * HOUR)
    kept = set_aside(cloud)["deliver"]
    assert {message["reason"].partition(":")[0] for message in kept} == {"WeCom could not take it for a day"}
    stuck = accounting(cloud)
    assert stuck.due_unaccounted > 0
    assert all(line.endswith("refused wecom:unreachable") for line in stuck.open_sends)
    redriven(cloud, "deliver")
    cloud.run_for(80 * HOUR)
    assert fates("main") == fates("branch") == ALL
    assert twice(cloud) == []
    assert accounting(cloud).due_unaccounted == 0


@pytest.mark.usefixtures("command_line")
def test_who_follows_while_the_platform_is_away_is_not_welcomed_and_has_the_reason(
    cloud: WecomCloud, capsys: Captured
) -> None:
    opened(cloud)
    cloud.run_for(MINUTE)
    refuse(cloud)
    joined(cloud, 1)
    healed(cloud)
    assert fates("main", "welcome") == fates("branch", "welcome") == Counter({"skipped welcome_too_late": 1})
    assert metrics(capsys.readouterr().out)["WelcomeLate"] == 2
    assert texts(cloud, "main", 0) == []
    cloud.run_for(12 * HOUR)
    assert texts(cloud, "main", 0) == ["午间", "晚间"]


@pytest.mark.parametrize("kind", ["drop_after", "garbage", "http_500", "timeout_before"])
@pytest.mark.usefixtures("command_line")
def test_a_welcome_without_an_answer_is_unknown_and_read_once_at_most(cloud: WecomCloud, kind: str) -> None:
    opened(cloud)
    cloud.wecom.faults.add("externalcontact/send_welcome_msg", kind, FOREVER)
    joined(cloud, 1)
    assert fates("main", "welcome") == Counter({"unknown no_answer": 1})
    assert len(cloud.wecom.inbox(customer_of("main", 0))) <= 1
