from typing import Any

import pytest

from tests.harness import Cloud
from tests.harness.functions import functions_of_app
from tests.harness.intrinsics import NO_VALUE, Resolver
from tests.harness.patterns import passes
from tests.harness.stack import Stack
from tests.harness.template import logical_id

VALUES = {"Name": "chaoxi", "Empty": "", "AWS::NoValue": NO_VALUE}
CONDITIONS = {
    "Named": {"Fn::Not": [{"Fn::Equals": [{"Ref": "Name"}, ""]}]},
    "Both": {"Fn::And": [{"Condition": "Named"}, {"Fn::Equals": [{"Ref": "Empty"}, ""]}]},
}


@pytest.mark.unit
@pytest.mark.parametrize(
    ("node", "value"),
    [
        ({"Ref": "Name"}, "chaoxi"),
        ({"Fn::GetAtt": ["Queue", "Arn"]}, "arn:q"),
        ({"Fn::GetAtt": "Queue.Arn"}, "arn:q"),
        ({"Fn::Sub": "${Name}-${Queue.Arn}-${!kept}"}, "chaoxi-arn:q-${!kept}"),
        ({"Fn::Sub": ["${Name}/${Own}", {"Own": {"Ref": "Name"}}]}, "chaoxi/chaoxi"),
        ({"Fn::Join": ["-", ["a", {"Ref": "Name"}]]}, "a-chaoxi"),
        ({"Fn::If": ["Both", [1, {"Ref": "Name"}], 2]}, [1, "chaoxi"]),
        ({"a": {"Fn::If": ["Both", {"Ref": "AWS::NoValue"}, 2]}, "b": 3}, {"b": 3}),
        ({"Condition": {"StringEquals": 1}, "Action": "x"}, {"Condition": {"StringEquals": 1}, "Action": "x"}),
    ],
)
def test_an_intrinsic_becomes_its_value(node: Any, value: Any) -> None:
    assert Resolver(CONDITIONS, VALUES, {"Queue.Arn": "arn:q"}).resolve(node) == value


@pytest.mark.unit
@pytest.mark.parametrize("node", [{"Fn::Cidr": ["a"]}, {"Ref": "Nobody"}])
def test_what_is_not_known_is_not_guessed(node: Any) -> None:
    with pytest.raises((NotImplementedError, KeyError)):
        Resolver(CONDITIONS, VALUES, {}).resolve(node)


@pytest.mark.unit
@pytest.mark.parametrize(
    ("pattern", "event", "passed"),
    [
        ({"kind": ["a", "b"]}, {"kind": "b"}, True),
        ({"kind": ["a", "b"]}, {"kind": "c"}, False),
        ({"kind": ["a"]}, {}, False),
        ({"kind": ["a"], "name": ["n"]}, {"kind": "a", "name": "m"}, False),
        ({"image": {"kind": {"S": ["a"]}}}, {"image": {"kind": {"S": "a"}}}, True),
        ({"image": {"kind": {"S": ["a"]}}}, {"image": None}, False),
        ({"image": {"code": {"S": [{"exists": True}]}}}, {"image": {"code": {"S": ""}}}, True),
        ({"image": {"code": {"S": [{"exists": True}]}}}, {"image": {}}, False),
        ({"code": [{"exists": False}]}, {}, True),
        ({"code": [{"exists": False}]}, {"code": 1}, False),
        ({"name": [{"prefix": "wecom."}]}, {"name": "wecom.add"}, True),
        ({"name": [{"suffix": ".add"}, "x"]}, {"name": "x"}, True),
        ({"kind": [{"anything-but": ["a"]}]}, {"kind": "b"}, True),
        ({"kind": [{"anything-but": "a"}]}, {"kind": "a"}, False),
        ({"kind": [{"anything-but": ["a"]}]}, {}, False),
        ({"kind": [None]}, {"kind": None}, True),
    ],
)
def test_a_pattern_matches_as_lambdas_filters_do(pattern: Any, event: Any, passed: bool) -> None:
    assert passes([pattern], event) is passed


@pytest.mark.unit
def test_one_of_several_patterns_is_enough_and_none_lets_all_through() -> None:
    assert passes([{"a": [1]}, {"a": [2]}], {"a": 2})
    assert passes([], {"a": 2})
    with pytest.raises(NotImplementedError):
        passes([{"a": [{"cidr": "10.0.0.0/8"}]}], {"a": "10.0.0.1"})


@pytest.fixture(scope="module")
def stack() -> Stack:
    return Cloud().stack


@pytest.mark.unit
def test_every_trigger_of_the_app_is_in_the_stack_with_its_settings_from_the_template(stack: Stack) -> None:
    _, sizes = functions_of_app()
    assert {trigger.function for trigger in stack.triggers} == set(sizes) - {"book"}, "logs wake book, and no mapping"
    tag = next(trigger for trigger in stack.triggers if trigger.function == "tag")
    assert tag.source.startswith("arn:aws:dynamodb:ap-southeast-1:123456789012:table/chaoxi-test-behaviours/stream/")
    assert tag.batch_size == sizes["tag"]
    assert tag.report
    assert tag.bisect
    assert tag.retries > 0
    assert tag.age > 0
    assert tag.patterns[0]["eventName"] == ["INSERT"]


@pytest.mark.unit
def test_every_function_has_its_own_failure_queue_and_all_share_the_others(stack: Stack) -> None:
    own = {
        name: variables["FAILURES_QUEUE_URL"] for name, variables in stack.environments.items() if name != "api_handler"
    }
    assert len(set(own.values())) == len(own)
    assert {variables["STACK"] for variables in stack.environments.values()} == {stack.name}
    urls = {queue.url for queue in stack.queues}
    for variables in stack.environments.values():
        assert {value for name, value in variables.items() if name.endswith("_QUEUE_URL")} <= urls


@pytest.mark.unit
def test_the_gathering_queue_is_first_in_first_out_and_delays(stack: Stack) -> None:
    pushes = next(queue for queue in stack.queues if queue.name == "chaoxi-test-pushes.fifo")
    assert pushes.fifo
    assert pushes.delay > 0
    assert pushes.max_receives > 0
    assert pushes.redrive_to in {queue.arn for queue in stack.queues if queue.fifo}


@pytest.mark.unit
@pytest.mark.parametrize(
    ("function", "logical"), [("tag", "Tag"), ("run_step", "RunStep"), ("api_handler", "APIHandler")]
)
def test_a_functions_logical_id_is_chalices(function: str, logical: str) -> None:
    assert logical_id(function) == logical
