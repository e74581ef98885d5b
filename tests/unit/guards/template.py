"""Questions that guards ask of a packaged template."""

import json
import re
from dataclasses import dataclass
from typing import Any

FUNCTION, TABLE, QUEUE = "AWS::Serverless::Function", "AWS::DynamoDB::Table", "AWS::SQS::Queue"
WRITES = {"PutItem", "UpdateItem", "DeleteItem", "BatchWriteItem"}
READS = {"GetItem", "BatchGetItem", "Query", "Scan", "ConditionCheckItem"}


@dataclass(frozen=True)
class Template:
    """A packaged template."""

    content: dict[str, Any]

    def of_type(self, kind: str) -> dict[str, dict[str, Any]]:
        """Return the properties of every resource of a type, by logical id."""
        found = self.content["Resources"].items()
        return {name: body.get("Properties", {}) for name, body in found if body["Type"] == kind}

    @property
    def functions(self) -> dict[str, dict[str, Any]]:
        """Every function's properties by logical id."""
        return self.of_type(FUNCTION)

    def event(self, function: str) -> dict[str, Any]:
        """Return the one mapping of a function that has one."""
        (event,) = self.functions[function]["Events"].values()
        return dict(event["Properties"])

    @property
    def streams(self) -> dict[str, dict[str, Any]]:
        """The stream mappings by function."""
        return {name: self.event(name) for name in self.triggered if "Stream" in self.event(name)}

    @property
    def queues_read(self) -> dict[str, dict[str, Any]]:
        """The queue mappings by function."""
        return {name: self.event(name) for name in self.triggered if "Queue" in self.event(name)}

    @property
    def triggered(self) -> list[str]:
        """The functions that a stream or a queue wakes."""
        return [name for name, body in self.functions.items() if "Events" in body]

    def environment(self, function: str) -> set[str]:
        """Return the names of a function's variables, its own and everybody's."""
        shared = self.content["Globals"]["Function"]["Environment"]["Variables"]
        return {*shared, *self.functions[function].get("Environment", {}).get("Variables", {})}

    def statements(self, function: str) -> list[dict[str, Any]]:
        """Return the statements of a function's role, those of a condition included."""
        role = self.functions[function]["Role"]["Fn::GetAtt"][0]
        found = [
            statement
            for policy in self.content["Resources"][role]["Properties"]["Policies"]
            for statement in policy["PolicyDocument"]["Statement"]
        ]
        return [each["Fn::If"][1] if "Fn::If" in each else each for each in found]

    def allowed(self, function: str) -> set[tuple[str, str]]:
        """Return what a function may do, as (action, resource), each resource as its logical id or its ARN's text."""
        return {
            (action, resource)
            for statement in self.statements(function)
            for action in listed(statement["Action"])
            for resource in map(name_of, listed(statement["Resource"]))
        }

    def tables(self, function: str, verbs: set[str]) -> set[str]:
        """Return the tables on which a function may do one of some things."""
        actions = {f"dynamodb:{verb}" for verb in verbs}
        return {table_name(resource) for action, resource in self.allowed(function) if action in actions}


def listed(value: Any) -> list[Any]:
    """Return a list of what may be one thing."""
    return value if isinstance(value, list) else [value]


def name_of(resource: Any) -> str:
    """Return the logical id that an intrinsic names, with a stream's mark, or the text of an Fn::Sub."""
    if isinstance(resource, str):
        return resource
    if "Fn::GetAtt" in resource:
        name, attribute = resource["Fn::GetAtt"]
        return f"{name}.stream" if attribute == "StreamArn" else str(name)
    return str(resource.get("Fn::Sub") or resource.get("Ref") or json.dumps(resource))


def table_name(resource: str) -> str:
    """Return a table's plain name: `BehavioursTable` is `behaviours`."""
    found = re.search(r"(\w+)Table\b", resource)
    return found[1].lower() if found else resource
