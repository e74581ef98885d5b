"""Connecting to a stack: its settings become this process's, as if it were one of its functions."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import boto3
from botocore.exceptions import NoRegionError

from infra.failure import Failure
from infra.stack import Stack

LOOPBACK = ("127.0.0.1", "localhost", "::1")
EMULATOR_KEY = "test"
PARAMETERS = {
    "STAGE": "Stage",
    "ARCHITECTURE": "Architecture",
    "SPEED": "Speed",
    "GATHER_SECONDS": "GatherSeconds",
    "BEHAVIOUR_RETENTION_DAYS": "BehaviourRetentionDays",
}
OUTPUTS = {
    "DUE_STEPS_QUEUE_URL": "DueStepsQueueUrl",
    "PUSHES_QUEUE_URL": "PushesQueueUrl",
    "RESULTS_QUEUE_URL": "ResultsQueueUrl",
    "TIMERS_QUEUE_URL": "TimersQueueUrl",
    "REJECTS_QUEUE_URL": "RejectsQueueUrl",
    "SCHEDULE_GROUP": "ScheduleGroupName",
}


@dataclass(frozen=True)
class Connection:
    """A stack that can be reached, and its `speed`."""

    stack: str
    speed: float

    def client(self, service: Any) -> Any:
        """Return a client of a service, as the environment leads to it."""
        return boto3.client(service)

    @property
    def region(self) -> str:
        """The region that it leads to."""
        return str(self.client("dynamodb").meta.region_name)

    def physical(self, logical_id: str) -> str:
        """Return a resource's own name (a queue's URL, a function's name) from its name in the template."""
        found = self.client("cloudformation").describe_stack_resource(
            StackName=self.stack, LogicalResourceId=logical_id
        )
        return str(found["StackResourceDetail"]["PhysicalResourceId"])


def connect(stack: str, region: str | None = None, endpoint_url: str | None = None) -> Connection:
    """Return the connection to a stack, whose settings chalicelib.config reads from now on.

    Has to come before chalicelib.models is imported: the tables' names are settled then. Raises Failure when there
    is no such stack.
    """
    os.environ.update(addressed(region, endpoint_url))
    try:
        cloudformation = boto3.client("cloudformation")
    except NoRegionError:
        raise Failure("no region: give --region, e.g. ap-southeast-1") from None
    described = Stack(cloudformation, stack).describe()
    if described is None:
        where = cloudformation.meta.region_name
        raise Failure(f"there is no stack {stack} in {where}: name yours with --stack and --region")
    told = settings_of(described)
    os.environ.update({"STACK": stack, "AWS_REGION": cloudformation.meta.region_name, **told})
    from chalicelib.config import settings

    settings.cache_clear()
    return Connection(stack, float(told.get("SPEED", "1")))


def nowhere() -> Connection:
    """Return what a command has that needs no stack. It must not touch a client or a table."""
    return Connection("", 1.0)


def addressed(region: str | None, endpoint_url: str | None) -> dict[str, str]:
    """Return the environment that leads to a region or to an emulator, whose credentials are no secret."""
    told = dict.fromkeys(("AWS_REGION", "AWS_DEFAULT_REGION"), region) if region else {}
    if endpoint_url:
        told["AWS_ENDPOINT_URL"] = endpoint_url
        if urlsplit(endpoint_url).hostname in LOOPBACK:
            told |= {"AWS_ACCESS_KEY_ID": EMULATOR_KEY, "AWS_SECRET_ACCESS_KEY": EMULATOR_KEY}
            told |= {name: "ap-southeast-1" for name in ("AWS_REGION", "AWS_DEFAULT_REGION") if not region}
    return {name: value for name, value in told.items() if value}


def settings_of(described: Mapping[str, Any]) -> dict[str, str]:
    """Return the settings that a stack's parameters and outputs tell."""
    parameters = {each["ParameterKey"]: each["ParameterValue"] for each in described.get("Parameters", [])}
    outputs = {each["OutputKey"]: each["OutputValue"] for each in described.get("Outputs", [])}
    told = {name: parameters.get(key) for name, key in PARAMETERS.items()}
    told |= {name: outputs.get(key) for name, key in OUTPUTS.items()}
    return {"STAGE": "dev"} | {name: value for name, value in told.items() if value}
