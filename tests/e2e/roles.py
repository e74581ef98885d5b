"""Trying what a function's role may do: its own credentials, and the smallest request that names a resource.

A request is judged before it is read, so one that is otherwise empty tells denied from permitted, and does nothing.
"""

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import boto3
from botocore import xform_name
from botocore.config import Config
from botocore.exceptions import ClientError

from infra.local.emulator import REGION, Emulator
from infra.permissions import ACCOUNTS, OF_STREAMS, OUTSIDE_SCHEDULES, Permissions

DENIED = {"AccessDenied", "AccessDeniedException", "UnauthorizedOperation", "AuthorizationError"}
UNREAD = Config(parameter_validation=False, retries={"max_attempts": 0}, connect_timeout=5, read_timeout=20)
METHODS = {"InvokeFunction": "Invoke"}
NOBODY = "arn:aws:iam::000000000000:role/"


class Roles:
    """The roles of a deployed stack."""

    def __init__(self, emulator: Emulator, stack: str, permissions: Permissions) -> None:
        self.emulator = emulator
        self.stack = stack
        self.permissions = permissions
        pages = emulator.client("cloudformation").get_paginator("list_stack_resources").paginate(StackName=stack)
        found = [each for page in pages for each in page["StackResourceSummaries"]]
        self.physical = {each["LogicalResourceId"]: each["PhysicalResourceId"] for each in found}
        self.streams = {each["TableName"]: each["StreamArn"] for each in self.listed_streams()}

    def listed_streams(self) -> list[dict[str, str]]:
        """Return every stream, with its table's name."""
        return list(self.emulator.client("dynamodbstreams").list_streams()["Streams"])

    @contextmanager
    def assumed(self, function: str) -> Iterator["Bearer"]:
        """Yield who bears a function's role, which everybody may assume for this one moment."""
        iam, name = self.emulator.client("iam"), self.physical[self.permissions.role_of(function)]
        role = iam.get_role(RoleName=name)["Role"]
        trust = role["AssumeRolePolicyDocument"]
        everybody = {"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "sts:AssumeRole"}
        wider = {**trust, "Statement": [*trust["Statement"], everybody]}
        iam.update_assume_role_policy(RoleName=name, PolicyDocument=json.dumps(wider))
        try:
            given = self.emulator.client("sts").assume_role(RoleArn=role["Arn"], RoleSessionName="trying")
        finally:
            iam.update_assume_role_policy(RoleName=name, PolicyDocument=json.dumps(trust))
        yield Bearer(self, given["Credentials"])

    def named(self, service: str, resource: str) -> dict[str, Any]:
        """Return every parameter by which an operation of a service may name a resource."""
        name = self.physical.get(re.sub(r"^log of |\.stream$", "", resource), "nobody")
        group = "default" if resource == OUTSIDE_SCHEDULES else self.stack
        folder = "accounts" if resource == ACCOUNTS else "other"
        stream = self.streams.get(name, "")
        by_service: dict[str, dict[str, Any]] = {
            "dynamodb": {"TableName": name, "RequestItems": {name: {}}},
            "dynamodbstreams": {"StreamArn": stream, "ShardIterator": f"{stream}|nobody"},
            "sqs": {"QueueUrl": name},
            "scheduler": {"Name": "nobody", "GroupName": group},
            "ssm": {"Name": f"/chaoxi/{self.stack}/{folder}/nobody"},
            "logs": {"logGroupName": f"/aws/lambda/{name}", "logStreamName": "nobody"},
            "lambda": {"FunctionName": name},
            "iam": {"RoleName": name},
            "sts": {"RoleArn": f"{NOBODY}{name}", "RoleSessionName": "trying"},
            "sns": {"TopicArn": name},
            "s3": {"Bucket": name, "Key": "nobody"},
        }
        return by_service.get(service, {})


class Bearer:
    """Somebody with the credentials of a role."""

    def __init__(self, roles: Roles, keys: dict[str, str]) -> None:
        self.roles = roles
        secrets = keys["AccessKeyId"], keys["SecretAccessKey"], keys["SessionToken"]
        self.session = boto3.Session(*secrets, region_name=REGION)
        self.clients: dict[str, Any] = {}

    def client(self, service: Any) -> Any:
        """Return a client, made once."""
        if service not in self.clients:
            url = self.roles.emulator.endpoint_url
            self.clients[service] = self.session.client(service, endpoint_url=url, config=UNREAD)
        return self.clients[service]

    def is_denied(self, action: str, resource: str) -> bool:
        """Try an action on a resource. An answer of any other kind than a denial means that it is permitted."""
        prefix, _, verb = action.partition(":")
        service = "dynamodbstreams" if verb in {*OF_STREAMS, "ListStreams"} else prefix
        client, operation = self.client(service), METHODS.get(verb, verb)
        known = client.meta.service_model.operation_model(operation).input_shape.members
        named = {name: value for name, value in self.roles.named(service, resource).items() if name in known}
        try:
            getattr(client, xform_name(operation))(**named)
        except ClientError as error:
            return error.response["Error"]["Code"] in DENIED
        return False
