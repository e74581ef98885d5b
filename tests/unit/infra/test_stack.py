"""A stack is planned, shown, changed and watched; what goes wrong is said in one line."""

from typing import Any

import pytest
from botocore.exceptions import ClientError

from infra.failure import Failure
from infra.stack import Change, Stack


class Pages:
    def __init__(self, *pages: dict[str, Any]) -> None:
        self.pages = pages

    def paginate(self, **_: str) -> tuple[dict[str, Any], ...]:
        return self.pages


class FakeCloudFormation:
    """A CloudFormation that tells what its test wrote down: the stack's states in turn, and one change set."""

    def __init__(
        self, states: list[str], change_set: dict[str, Any], events: list[dict[str, str]] | None = None
    ) -> None:
        self.states = states
        self.change_set = change_set
        self.events = events or []
        self.asked: dict[str, Any] = {}
        self.deleted: list[str] = []

    def describe_stacks(self, **_: str) -> dict[str, Any]:
        if not self.states:
            raise ClientError(
                {"Error": {"Code": "ValidationError", "Message": "Stack does not exist"}}, "DescribeStacks"
            )
        state = self.states.pop(0) if len(self.states) > 1 else self.states[0]
        kept = [{"ParameterKey": "AlarmEmail", "ParameterValue": "ops@example.com"}]
        outputs = [{"OutputKey": "TablePrefix", "OutputValue": "chaoxi-dev"}]
        return {"Stacks": [{"StackStatus": state, "Parameters": kept, "Outputs": outputs}]}

    def create_change_set(self, **asked: Any) -> None:
        self.asked = asked

    def describe_change_set(self, **_: str) -> dict[str, Any]:
        return self.change_set

    def get_paginator(self, _: str) -> Pages:
        return Pages(self.change_set)

    def delete_change_set(self, ChangeSetName: str, **_: str) -> None:
        self.deleted.append(ChangeSetName)

    def execute_change_set(self, **_: str) -> None: ...

    def describe_stack_events(self, **_: str) -> dict[str, Any]:
        shown, self.events = self.events, []
        return {"StackEvents": shown}


MADE = {
    "Status": "CREATE_COMPLETE",
    "Changes": [
        {"ResourceChange": {"Action": "Add", "LogicalResourceId": "Tag", "ResourceType": "AWS::Lambda::Function"}},
        {
            "ResourceChange": {
                "Action": "Modify",
                "LogicalResourceId": "PushesTable",
                "ResourceType": "AWS::DynamoDB::Table",
                "Replacement": "True",
            }
        },
    ],
}


def stack(cloud: FakeCloudFormation) -> Stack:
    return Stack(cloud, "chaoxi-dev", pause=0)  # type: ignore[arg-type]  # a fake of the five calls that are made


def test_a_first_deployment_creates_the_stack() -> None:
    cloud = FakeCloudFormation([], MADE)
    _, changes = stack(cloud).plan("https://bucket/t.json", {"Stage": "dev"}, {"Stage", "AlarmEmail"})
    assert cloud.asked["ChangeSetType"] == "CREATE"
    assert changes[1] == Change("Modify", "PushesTable", "AWS::DynamoDB::Table", replaced=True)


def test_a_later_one_keeps_the_parameters_that_are_not_given_and_still_exist() -> None:
    cloud = FakeCloudFormation(["UPDATE_COMPLETE"], MADE)
    stack(cloud).plan("https://bucket/t.json", {"Stage": "dev"}, {"Stage", "AlarmEmail"})
    assert cloud.asked["ChangeSetType"] == "UPDATE"
    told = cloud.asked["Parameters"]
    assert {"ParameterKey": "AlarmEmail", "UsePreviousValue": True} in told
    stack(cloud).plan("https://bucket/t.json", {"Stage": "dev"}, {"Stage"})
    assert [each["ParameterKey"] for each in cloud.asked["Parameters"]] == ["Stage"]


@pytest.mark.parametrize(
    "reason", ["The submitted information didn't contain changes.", "No updates are to be performed."]
)
def test_nothing_to_change_is_no_failure_and_leaves_nothing_behind(reason: str) -> None:
    cloud = FakeCloudFormation(["CREATE_COMPLETE"], {"Status": "FAILED", "StatusReason": reason})
    name, changes = stack(cloud).plan("https://bucket/t.json", {}, set())
    assert (changes, cloud.deleted) == ([], [name])


def test_a_refused_change_set_says_why() -> None:
    cloud = FakeCloudFormation(["CREATE_COMPLETE"], {"Status": "FAILED", "StatusReason": "Unresolved resource X"})
    with pytest.raises(Failure, match="Unresolved resource X"):
        stack(cloud).plan("https://bucket/t.json", {}, set())


def test_a_stack_whose_creation_never_ended_has_to_be_deleted_first() -> None:
    with pytest.raises(Failure, match="ROLLBACK_COMPLETE: delete it first"):
        stack(FakeCloudFormation(["ROLLBACK_COMPLETE"], MADE)).plan("https://bucket/t.json", {}, set())


def test_a_deployment_ends_with_the_outputs() -> None:
    cloud = FakeCloudFormation(["CREATE_IN_PROGRESS", "CREATE_COMPLETE"], MADE)
    assert stack(cloud).apply("change", lambda _: None) == {"TablePrefix": "chaoxi-dev"}


def test_a_failed_one_ends_with_the_first_reason() -> None:
    event = {
        "EventId": "1",
        "LogicalResourceId": "Tag",
        "ResourceStatus": "CREATE_FAILED",
        "ResourceStatusReason": "no",
    }
    cloud = FakeCloudFormation(["CREATE_IN_PROGRESS", "ROLLBACK_IN_PROGRESS", "ROLLBACK_COMPLETE"], MADE)
    told: list[str] = []
    watched = stack(cloud)

    def execute(**_: str) -> None:
        cloud.events = [event]

    cloud.execute_change_set = execute  # type: ignore[method-assign]  # the event comes with the execution
    with pytest.raises(Failure, match="ROLLBACK_COMPLETE: Tag: no"):
        watched.apply("change", told.append)
    assert told == ["CREATE_FAILED            Tag"]
