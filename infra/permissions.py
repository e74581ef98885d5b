"""What each function may do, and what it may not: read from the template's own roles.

What is tried is every action that any role is granted, and some that nobody may have, on every resource of its service.
What a role is not granted of that is denied, and tests/e2e/test_denied_actions.py tries it. docs/permissions.md is what
this prints: a new grant is a line in a reviewed file.

    python -m infra.permissions > docs/permissions.md
"""

import re
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any

from infra.failure import run
from infra.package import packaged_template, staged_project, target_of

FUNCTION = "AWS::Serverless::Function"
ANY = "*"
# What no function needs, beside what is granted somewhere: each is tried by every function.
UNNEEDED = {
    "dynamodb": ("BatchWriteItem", "DeleteItem", "DeleteTable", "DescribeTable", "Scan", "UpdateTable"),
    "sqs": ("DeleteQueue", "PurgeQueue", "SetQueueAttributes"),
    "scheduler": ("DeleteSchedule", "GetSchedule", "UpdateSchedule"),
    "ssm": ("DeleteParameter", "PutParameter"),
    "logs": ("CreateLogGroup", "DeleteLogGroup", "FilterLogEvents"),
    "lambda": ("GetFunction", "InvokeFunction", "UpdateFunctionCode", "UpdateFunctionConfiguration"),
    "iam": ("AttachRolePolicy", "CreateRole", "PutRolePolicy", "UpdateAssumeRolePolicy"),
    "sns": ("Publish",),
    "sts": ("AssumeRole",),
}
NEVER = {f"{service}:{verb}" for service, verbs in UNNEEDED.items() for verb in verbs}
# Which resources an action of a service is tried on: those of these types.
TYPES = {
    "dynamodb": "AWS::DynamoDB::Table",
    "sqs": "AWS::SQS::Queue",
    "lambda": FUNCTION,
    "iam": "AWS::IAM::Role",
    "sts": "AWS::IAM::Role",
    "sns": "AWS::SNS::Topic",
    "s3": "AWS::S3::Bucket",
}
OF_STREAMS = {"DescribeStream", "GetRecords", "GetShardIterator"}
ACCOUNTS, SCHEDULES = "the accounts' parameters", "the schedules of our group"
OUTSIDE_PARAMETERS, OUTSIDE_SCHEDULES = "other parameters", "other schedules"
TEXTS = {
    r".*:parameter/chaoxi/\$\{AWS::StackName\}/accounts/\*": ACCOUNTS,
    r".*:schedule/\$\{ScheduleGroup\}/\*": SCHEDULES,
    r".*:log-group:/aws/lambda/\$\{AWS::StackName\}-(\w+)-\*:\*": r"log of \1",
}

Pair = tuple[str, str]
"""An action and a resource: `("dynamodb:GetItem", "CustomersTable")`."""


@dataclass(frozen=True)
class Permissions:
    """The roles of a packaged template."""

    resources: dict[str, dict[str, Any]]

    def of_type(self, kind: str) -> list[str]:
        """Return the logical ids of a type's resources, sorted."""
        return sorted(name for name, body in self.resources.items() if body["Type"] == kind)

    @property
    def functions(self) -> list[str]:
        """Every function's logical id."""
        return self.of_type(FUNCTION)

    def role_of(self, function: str) -> str:
        """Return the logical id of a function's role."""
        return str(self.resources[function]["Properties"]["Role"]["Fn::GetAtt"][0])

    def granted(self, function: str) -> set[Pair]:
        """Return what a function's role allows; what holds under a condition has it after the resource."""
        role = self.resources[self.role_of(function)]["Properties"]
        statements = (each for policy in role.get("Policies", []) for each in policy["PolicyDocument"]["Statement"])
        managed = {("all of a managed policy", label_of(arn)) for arn in role.get("ManagedPolicyArns", [])}
        return managed | {pair for statement in statements for pair in pairs_of(statement)}

    @property
    def tried(self) -> set[Pair]:
        """Everything that is granted to somebody or must be to nobody, on everything it could be done to."""
        granted = set().union(*(self.granted(function) for function in self.functions))
        actions = {action for action, _ in granted} | NEVER
        return {(action, resource) for action in actions for resource in self.targets(action)}

    def denied(self, function: str) -> set[Pair]:
        """Return what a function must be refused."""
        return self.tried - self.granted(function)

    def targets(self, action: str) -> list[str]:
        """Return what an action could be done to."""
        service, _, verb = action.partition(":")
        if verb in OF_STREAMS:
            return [f"{table}.stream" for table in self.of_type(TYPES["dynamodb"]) if self.has_stream(table)]
        match service:
            case "scheduler":
                return [SCHEDULES, OUTSIDE_SCHEDULES]
            case "ssm":
                return [ACCOUNTS, OUTSIDE_PARAMETERS]
            case "logs":
                return [f"log of {function}" for function in self.functions]
        return self.of_type(TYPES[service]) if service in TYPES and verb != "ListStreams" else [ANY]

    def has_stream(self, table: str) -> bool:
        """Whether a table has a stream."""
        return "StreamSpecification" in self.resources[table]["Properties"]


def pairs_of(statement: dict[str, Any], condition: str = "") -> Iterator[Pair]:
    """Yield what a statement allows."""
    if "Fn::If" in statement:
        name, *branches = statement["Fn::If"]
        for branch in branches:
            yield from pairs_of(branch, f" (if {name})")
    elif "Action" in statement:
        for action in listed(statement["Action"]):
            yield from ((action, label_of(each) + condition) for each in listed(statement["Resource"]))


def listed(value: Any) -> list[Any]:
    """Return a list of what may be one thing."""
    return value if isinstance(value, list) else [value]


def label_of(resource: Any) -> str:
    """Return a policy's resource in words: a logical id, a stream's with its mark, or a known ARN's name."""
    if isinstance(resource, str):
        return resource
    if "Fn::GetAtt" in resource:
        name, attribute = resource["Fn::GetAtt"]
        return f"{name}.stream" if attribute == "StreamArn" else str(name)
    text = str(resource.get("Fn::Sub") or resource.get("Ref") or resource)
    found = ((re.fullmatch(pattern, text), label) for pattern, label in TEXTS.items())
    return next((match.expand(label) for match, label in found if match), text)


def read_permissions(stage: str) -> Permissions:
    """Package a stage's template, without its zip, and return its permissions."""
    with tempfile.TemporaryDirectory() as folder:
        project = staged_project(Path(folder), target_of(stage))
        return Permissions(packaged_template(project, stage)["Resources"])


def page(permissions: Permissions) -> Iterator[str]:
    """Yield docs/permissions.md, line by line."""
    yield "# What each function may do"
    yield ""
    yield "`python -m infra.permissions` prints this page from the template's roles, and a test compares them. What the"
    yield "last table names and a function is not granted is denied: `tests/e2e/test_denied_actions.py` tries all of it"
    yield "under each role, with IAM enforced."
    for function in permissions.functions:
        yield from ("", f"## {function}", "", "| may | on |", "|---|---|")
        yield from rows(permissions.granted(function))
        yield from ("", f"Denied, and tried: {len(permissions.denied(function))} pairs of an action and a resource.")
    yield from ("", "## What is tried", "", "| action | on how many resources | granted to |", "|---|---|---|")
    for action, pairs in grouped(permissions.tried):
        able = [name for name in permissions.functions if action in {each for each, _ in permissions.granted(name)}]
        yield f"| `{action}` | {len(pairs)} | {', '.join(able) or 'nobody'} |"


def rows(pairs: Iterable[Pair]) -> Iterator[str]:
    """Yield a line for each action with its resources."""
    for action, found in grouped(pairs):
        yield f"| `{action}` | {', '.join(found)} |"


def grouped(pairs: Iterable[Pair]) -> Iterator[tuple[str, list[str]]]:
    """Yield each action with its resources, both sorted."""
    for action, found in groupby(sorted(pairs), key=lambda pair: pair[0]):
        yield action, [resource for _, resource in found]


def main() -> int:
    """Print the page."""
    print("\n".join(page(read_permissions("prod"))))
    return 0


if __name__ == "__main__":
    run(main)
