"""What the emulator reads otherwise than CloudFormation and IAM do, put right after each deployment.

Each repair gives the emulator what the template says, never more. docs/emulator.md lists them.
"""

import json
from typing import Any

import boto3


def repair(session: boto3.Session, endpoint_url: str, outputs: dict[str, str]) -> None:
    """Make all repairs of a stack that has just been deployed to the emulator."""
    count_in_numbers(session.client("lambda", endpoint_url=endpoint_url))
    name_schedules(session.client("iam", endpoint_url=endpoint_url), outputs["ScheduleGroupName"])


def count_in_numbers(functions: Any) -> None:
    """Set the queues' concurrency: the emulator keeps a parameter of type Number as text and then cannot compare it."""
    for page in functions.get_paginator("list_event_source_mappings").paginate():
        for mapping in page["EventSourceMappings"]:
            if most := mapping.get("ScalingConfig", {}).get("MaximumConcurrency"):
                functions.update_event_source_mapping(
                    UUID=mapping["UUID"], ScalingConfig={"MaximumConcurrency": int(most)}
                )


def name_schedules(iam: Any, group: str) -> None:
    """Repeat what roles may do to the group's schedules under the name that the emulator's IAM gives them.

    It sees every schedule as one of the group `default`, whichever group the call names.
    """
    for page in iam.get_paginator("list_roles").paginate():
        for role in page["Roles"]:
            for name in iam.list_role_policies(RoleName=role["RoleName"])["PolicyNames"]:
                rename(iam, role["RoleName"], name, group)


def rename(iam: Any, role: str, name: str, group: str) -> None:
    """Let a policy's statements about the group's schedules name those of `default`."""
    policy = json.dumps(iam.get_role_policy(RoleName=role, PolicyName=name)["PolicyDocument"])
    seen = policy.replace(f":schedule/{group}/", ":schedule/default/")
    if seen != policy:
        iam.put_role_policy(RoleName=role, PolicyName=name, PolicyDocument=seen)
