"""One CloudFormation stack, in a region or in the emulator: what would change, then the change, watched to its end."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from infra.failure import Failure

if TYPE_CHECKING:
    from mypy_boto3_cloudformation import CloudFormationClient
    from mypy_boto3_cloudformation.type_defs import ParameterTypeDef

BROKEN = {"ROLLBACK_COMPLETE", "ROLLBACK_FAILED", "CREATE_FAILED", "DELETE_FAILED"}
CAPABILITIES: tuple[Any, ...] = ("CAPABILITY_IAM", "CAPABILITY_AUTO_EXPAND")


@dataclass(frozen=True)
class Change:
    """What a change set will do to one resource: `Add`, `Modify`, `Remove`, and whether it is replaced by a new one."""

    action: str
    logical_id: str
    kind: str
    replaced: bool


@dataclass
class Stack:
    """A stack by name. `pause` is how many seconds lie between two looks at it."""

    cloudformation: "CloudFormationClient"
    name: str
    pause: float = 3.0
    said: set[str] = field(default_factory=set)

    def plan(self, template_url: str, parameters: dict[str, str], declared: set[str]) -> tuple[str, list[Change]]:
        """Make a change set; return its name and its changes, none when the stack is as described already.

        `declared` are the template's parameters: one that is not given keeps the value that the stack has.
        """
        before = self.describe()
        status = before["StackStatus"] if before else "REVIEW_IN_PROGRESS"
        if status in BROKEN:
            raise Failure(f"stack {self.name} is {status}: delete it first, its first creation never ended")
        kept = {item["ParameterKey"] for item in before.get("Parameters", [])} if before else set()
        name = f"chaoxi-{int(time.time() * 1000)}"
        self.cloudformation.create_change_set(
            StackName=self.name,
            ChangeSetName=name,
            ChangeSetType="CREATE" if status == "REVIEW_IN_PROGRESS" else "UPDATE",
            TemplateURL=template_url,
            Parameters=merged(parameters, kept & declared),
            Capabilities=CAPABILITIES,
        )
        return name, self.planned(name)

    def planned(self, change_set: str) -> list[Change]:
        """Wait for a change set and return its changes."""
        while True:
            found = self.cloudformation.describe_change_set(StackName=self.name, ChangeSetName=change_set)
            if found["Status"] == "CREATE_COMPLETE":
                return self.changes(change_set)
            if found["Status"] == "FAILED":
                return self.refused(change_set, found.get("StatusReason", "no reason given"))
            time.sleep(self.pause)

    def refused(self, change_set: str, reason: str) -> list[Change]:
        """Return no changes when that is why the change set failed; raise Failure otherwise."""
        self.cloudformation.delete_change_set(StackName=self.name, ChangeSetName=change_set)
        if "didn't contain changes" in reason or "No updates" in reason:
            return []
        raise Failure(f"the change set was refused: {reason}")

    def changes(self, change_set: str) -> list[Change]:
        """Read all pages of a change set."""
        pages = self.cloudformation.get_paginator("describe_change_set").paginate(
            StackName=self.name, ChangeSetName=change_set
        )
        found = [change["ResourceChange"] for page in pages for change in page["Changes"]]
        return [
            Change(each["Action"], each["LogicalResourceId"], each["ResourceType"], each.get("Replacement") == "True")
            for each in found
        ]

    def apply(self, change_set: str, tell: Callable[[str], None]) -> dict[str, str]:
        """Execute a change set, tell each resource's end, and return the stack's outputs.

        Raises Failure with the first reason when the stack does not reach its complete state.
        """
        self.said = {event["EventId"] for event in self.events()}
        self.cloudformation.execute_change_set(StackName=self.name, ChangeSetName=change_set)
        reasons: list[str] = []
        while True:
            status = (self.describe() or {})["StackStatus"]
            reasons += self.tell_news(tell)
            if status in ("CREATE_COMPLETE", "UPDATE_COMPLETE"):
                return self.outputs()
            if status.endswith(("_COMPLETE", "_FAILED")):
                raise Failure(f"stack {self.name} ended as {status}: {reasons[0] if reasons else 'no reason given'}")
            time.sleep(self.pause)

    def tell_news(self, tell: Callable[[str], None]) -> list[str]:
        """Tell what has ended since the last look; return why something failed."""
        news = [event for event in reversed(self.events()) if event["EventId"] not in self.said]
        self.said |= {event["EventId"] for event in news}
        for event in news:
            if event["ResourceStatus"].endswith(("_COMPLETE", "_FAILED")):
                tell(f"{event['ResourceStatus']:<24} {event['LogicalResourceId']}")
        return [
            f"{event['LogicalResourceId']}: {event.get('ResourceStatusReason', '')}"
            for event in news
            if event["ResourceStatus"].endswith("_FAILED")
        ]

    def events(self) -> list[Any]:
        """Return the newest page of events, newest first; none while the stack is only planned."""
        try:
            return list(self.cloudformation.describe_stack_events(StackName=self.name)["StackEvents"])
        except ClientError:
            return []

    def describe(self) -> dict[str, Any] | None:
        """Return the stack, None when there is none."""
        try:
            return dict(self.cloudformation.describe_stacks(StackName=self.name)["Stacks"][0])
        except ClientError as error:
            if "does not exist" in str(error):
                return None
            raise

    def outputs(self) -> dict[str, str]:
        """Return the stack's outputs."""
        found = self.describe() or {}
        return {item["OutputKey"]: item["OutputValue"] for item in found.get("Outputs", [])}


def merged(given: dict[str, str], kept: set[str]) -> "list[ParameterTypeDef]":
    """Return what CloudFormation is told about parameters: the given values, and to keep the others that it has."""
    told: list[ParameterTypeDef] = [{"ParameterKey": key, "ParameterValue": given[key]} for key in sorted(given)]
    return told + [{"ParameterKey": key, "UsePreviousValue": True} for key in sorted(kept - given.keys())]
