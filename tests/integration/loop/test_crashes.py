"""A function may be killed before or after any of its remote calls; what it did not finish is delivered again."""

from functools import cache
from typing import Any

from tests.harness.wecom import WecomCloud
from tests.integration.loop.scenario import fates, inboxes, play, sends, set_aside


@cache
def clean() -> tuple[Any, ...]:
    """Return how the scenario ends when nothing goes wrong."""
    with WecomCloud() as cloud:
        play(cloud)
        most: dict[str, int] = {}
        for one in cloud.invocations:
            most[one.function] = max(most.get(one.function, 0), len(one.calls))
        return fates(cloud), inboxes(cloud), group_sends(cloud), set_aside(cloud), most


def pytest_generate_tests(metafunc):
    """Make a row before and after every remote call that a function makes: found by watching, not by hand."""
    if "when" in metafunc.fixturenames:
        most = clean()[-1]
        calls = [(name, call) for name in most for call in range(1, most[name] + 1)]
        rows = [(name, when, call) for name, call in calls for when in ("before", "after")]
        metafunc.parametrize(("function", "when", "call"), rows)


def test_a_crash_at_a_call_delays_but_changes_nothing(function, when, call):
    with WecomCloud() as cloud:
        interruption = cloud.crash(function, when, call)
        play(cloud)
        assert interruption.happened
        assert (fates(cloud), inboxes(cloud), set_aside(cloud)) == (clean()[0], clean()[1], clean()[3])
        assert group_sends(cloud) == clean()[2]


def group_sends(cloud: WecomCloud) -> list[str]:
    """Return the calls that make a group-send. A welcome may be tried again: its code greets once."""
    return [call for call in sends(cloud) if "add_msg_template" in call]
