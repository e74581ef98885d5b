"""Any remote call of any function may go wrong, in four ways; what it did not finish is delivered again.

The function is killed before the call, or after it; the call is refused because of throttling; it is accepted but its
answer is lost. A row of this matrix is found by watching a clean run, so a new call has its rows without anybody
writing them.
"""

import re
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any, Literal

from botocore.exceptions import ClientError, ReadTimeoutError
from urllib3.exceptions import NewConnectionError
from urllib3.exceptions import ReadTimeoutError as NoWebAnswerError

from tests.harness.faults import When, crash
from tests.harness.remote import Call
from tests.harness.wecom import WecomCloud
from tests.integration.loop.scenario import fates, inboxes, play, sends, set_aside

Fault = Literal["killed before", "killed after", "throttled", "answer lost"]
MOMENTS: Mapping[Fault, When] = {
    "killed before": "before",
    "killed after": "after",
    "throttled": "before",
    "answer lost": "after",
}

READS_THE_NAME = ("/cgi-bin/gettoken", "/cgi-bin/externalcontact/get")


@cache
def clean() -> tuple[Any, ...]:
    """Return how the scenario ends when nothing goes wrong, and how many calls a function makes in one invocation."""
    with WecomCloud() as cloud:
        play(cloud)
        most: dict[str, int] = {}
        for one in cloud.invocations:
            most[one.function] = max(most.get(one.function, 0), len(one.calls))
        return fates(cloud), inboxes(cloud), set_aside(cloud), group_sends(cloud), most


def pytest_generate_tests(metafunc):
    """Make a row for every way in which every remote call of every function can go wrong."""
    if "fault" in metafunc.fixturenames:
        calls = [(name, call) for name, most in clean()[-1].items() for call in range(1, most + 1)]
        rows = [(name, fault, call) for name, call in calls for fault in MOMENTS]
        metafunc.parametrize(("function", "fault", "call"), rows)


def test_a_call_that_goes_wrong_delays_but_changes_nothing(function, fault, call):
    with WecomCloud() as cloud:
        made: list[Call] = []
        interruption = cloud.at_call(function, MOMENTS[fault], call, trouble(cloud, fault, made))
        play(cloud)
        found = (fates(cloud), inboxes(cloud), set_aside(cloud), group_sends(cloud))
    assert interruption.happened
    if function == "greet" and not fault.startswith("killed") and made[0].subject in READS_THE_NAME:
        assert nameless(found) == nameless(clean()[:-1])
    else:
        assert found == clean()[:-1]


def nameless(outcome: tuple[Any, ...]) -> tuple[Any, ...]:
    """Return an outcome without the customers' names: a welcome does not wait for one that cannot be read in time."""
    story, received, *rest = outcome
    behaviours = [line for line in story["behaviours"] if "chaoxi.contact_read" not in line]
    texts = {who: [re.sub("小[王李]", "朋友", text) for text in mine] for who, mine in received.items()}
    return {**story, "behaviours": behaviours}, texts, *rest


def trouble(cloud: WecomCloud, fault: Fault, made: list[Call]) -> Callable[[], None]:
    """Return what happens at the call that is made at that moment, and is noted."""

    def happen() -> None:
        made.append(cloud.wiring.recordings[-1].calls[-1])
        if fault.startswith("killed"):
            crash()
        raise refusal_of(made[0]) if fault == "throttled" else silence_of(made[0])

    return happen


def refusal_of(call: Call) -> Exception:
    """Return what a throttled call raises; WeCom's throttling is an answer, so there nobody is reached at all."""
    if call.service == "http":
        nobody: Any = None
        return NewConnectionError(nobody, "refused")
    return ClientError({"Error": {"Code": "ThrottlingException", "Message": "slow down"}}, call.operation)


def silence_of(call: Call) -> Exception:
    """Return what a call raises whose answer never came."""
    nobody: Any = None
    lost = NoWebAnswerError(nobody, "", "read timed out")
    return lost if call.service == "http" else ReadTimeoutError(endpoint_url="x")


def group_sends(cloud: WecomCloud) -> list[str]:
    """Return the calls that make a group-send. A welcome may be tried again: its code greets once."""
    return [call for call in sends(cloud) if "add_msg_template" in call]
