"""Reads a stack from infra/template.yaml, so that what tests run on and what is deployed cannot differ."""

import json
import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from infra.structure import load_yaml
from tests.harness.intrinsics import NO_VALUE, Resolver
from tests.harness.stack import ACCOUNT, REGION, QueueSettings, Stack, Table, Trigger

TEMPLATE = Path(__file__).parents[2] / "infra" / "template.yaml"
TABLE, QUEUE, GROUP = "AWS::DynamoDB::Table", "AWS::SQS::Queue", "AWS::Scheduler::ScheduleGroup"
KINDS = (TABLE, QUEUE, GROUP)


@cache
def the_template() -> dict[str, Any]:
    """Return infra/template.yaml, read once: nobody may change it."""
    return load_yaml(TEMPLATE)


def logical_id(function: str) -> str:
    """Return Chalice's logical id of a function: `run_step` is `RunStep`, and all routes are `APIHandler`."""
    if function == "api_handler":
        return "APIHandler"
    return "".join(part[0].upper() + part[1:] for part in re.split(r"[^A-Za-z0-9]", function) if part)


def read_stack(
    template: Mapping[str, Any], name: str, batch_sizes: Mapping[str, int], parameters: Mapping[str, Any]
) -> Stack:
    """Resolve a template. `batch_sizes` names every function that has a trigger, with the size app.py gives it."""
    resources: dict[str, Any] = template["Resources"]
    resolver = resolver_of(template, name, parameters)
    of_type = {kind: [logical for logical, body in resources.items() if body.get("Type") == kind] for kind in KINDS}
    functions = ["api_handler", *batch_sizes]
    shared = template.get("Globals", {}).get("Function", {})
    triggers = (trigger_of(resolver, resources, function, size) for function, size in batch_sizes.items())
    return Stack(
        name=name,
        tables=tuple(table_of(resolver, resources[logical]) for logical in of_type[TABLE]),
        queues=tuple(queue_of(resolver, name, logical, resources[logical]) for logical in of_type[QUEUE]),
        triggers=tuple(trigger for trigger in triggers if trigger),
        schedule_groups=tuple(resolver.ref(logical) for logical in of_type[GROUP]),
        environments={each: environment_of(resolver, shared, resources.get(logical_id(each))) for each in functions},
        binary_types=binary_types_of(resources),
    )


def resolver_of(template: Mapping[str, Any], name: str, parameters: Mapping[str, Any]) -> Resolver:
    """Return a resolver that knows the parameters and every resource's name and ARN."""
    values: dict[str, Any] = {
        "AWS::StackName": name,
        "AWS::Region": REGION,
        "AWS::AccountId": ACCOUNT,
        "AWS::Partition": "aws",
        "AWS::NoValue": NO_VALUE,
        "AWS::URLSuffix": "amazonaws.com",
    }
    declared = template.get("Parameters", {})
    values |= {key: body["Default"] for key, body in declared.items() if "Default" in body}
    values |= {key: value for key, value in parameters.items() if key in declared}
    attributes: dict[str, str] = {}
    resolver = Resolver(template.get("Conditions", {}), values, attributes)
    for logical, body in template["Resources"].items():
        values[logical], attributes_of_it = identity_of(resolver, name, logical, body)
        attributes |= {f"{logical}.{key}": value for key, value in attributes_of_it.items()}
    return resolver


def identity_of(resolver: Resolver, name: str, logical: str, body: Mapping[str, Any]) -> tuple[str, dict[str, str]]:
    """Return what `Ref` and what `Fn::GetAtt` find for a resource."""
    properties = body.get("Properties", {})
    if body.get("Type") == TABLE:
        table = Table(resolver.resolve(properties.get("TableName", f"{name}-{logical}")), {}, None)
        arn = table.stream_arn.partition("/stream/")[0]
        return table.name, {"Arn": arn, "StreamArn": table.stream_arn}
    if body.get("Type") == QUEUE:
        queue = QueueSettings(queue_name(resolver, name, logical, properties))
        return queue.url, {"Arn": queue.arn, "QueueName": queue.name}
    if body.get("Type") == GROUP:
        group = str(resolver.resolve(properties.get("Name", logical)))
        return group, {"Arn": f"arn:aws:scheduler:{REGION}:{ACCOUNT}:schedule-group/{group}"}
    return logical, {"Arn": f"arn:aws:stack:{REGION}:{ACCOUNT}:{logical}"}


def queue_name(resolver: Resolver, name: str, logical: str, properties: Mapping[str, Any]) -> str:
    """Return the queue's name; CloudFormation makes one up where the template has none."""
    ending = ".fifo" if properties.get("FifoQueue") else ""
    return str(resolver.resolve(properties.get("QueueName", f"{name}-{logical}{ending}")))


def table_of(resolver: Resolver, body: Mapping[str, Any]) -> Table:
    """Return a table of the template."""
    properties = resolver.resolve(body["Properties"])
    kept = ("AttributeDefinitions", "KeySchema", "GlobalSecondaryIndexes", "LocalSecondaryIndexes", "BillingMode")
    view = properties.get("StreamSpecification", {}).get("StreamViewType")
    return Table(properties["TableName"], {key: properties[key] for key in kept if key in properties}, view)


def queue_of(resolver: Resolver, name: str, logical: str, body: Mapping[str, Any]) -> QueueSettings:
    """Return a queue of the template."""
    properties = resolver.resolve(body.get("Properties", {}))
    redrive = properties.get("RedrivePolicy", {})
    return QueueSettings(
        name=queue_name(resolver, name, logical, properties),
        fifo=bool(properties.get("FifoQueue")),
        content_dedup=bool(properties.get("ContentBasedDeduplication")),
        dedup_by_group=properties.get("DeduplicationScope") == "messageGroup",
        delay=int(properties.get("DelaySeconds", 0)),
        visibility=int(properties.get("VisibilityTimeout", 30)),
        redrive_to=redrive.get("deadLetterTargetArn"),
        max_receives=int(redrive.get("maxReceiveCount", 0)),
    )


def trigger_of(resolver: Resolver, resources: Mapping[str, Any], function: str, size: int) -> Trigger | None:
    """Return what a function listens to; None for one that nothing triggers."""
    events = resources.get(logical_id(function), {}).get("Properties", {}).get("Events", {})
    found = [resolver.resolve(event["Properties"]) for event in events.values()]
    for event in found:
        if "Stream" in event or "Queue" in event:
            return trigger_from(function, size, event)
    return None


def trigger_from(function: str, size: int, event: Mapping[str, Any]) -> Trigger:
    """Return the mapping that an event's properties describe; what they leave out has Lambda's default."""
    filters = event.get("FilterCriteria", {}).get("Filters", [])
    if filters and "Queue" in event:
        raise NotImplementedError("filters on queues are not imitated")
    return Trigger(
        function=function,
        source=event.get("Stream") or event["Queue"],
        batch_size=int(event.get("BatchSize", size)),
        report="ReportBatchItemFailures" in event.get("FunctionResponseTypes", []),
        patterns=tuple(json.loads(each["Pattern"]) for each in filters),
        retries=int(event.get("MaximumRetryAttempts", -1)),
        age=int(event.get("MaximumRecordAgeInSeconds", -1)),
        bisect=bool(event.get("BisectBatchOnFunctionError")),
        parallel=int(event.get("ParallelizationFactor", 1)),
        failure_to=event.get("DestinationConfig", {}).get("OnFailure", {}).get("Destination"),
    )


def environment_of(resolver: Resolver, shared: Mapping[str, Any], body: Mapping[str, Any] | None) -> dict[str, str]:
    """Return a function's variables: the ones that all have, and its own."""
    own = (body or {}).get("Properties", {}).get("Environment", {}).get("Variables", {})
    variables = {**shared.get("Environment", {}).get("Variables", {}), **own}
    return {key: str(value) for key, value in resolver.resolve(variables).items()}


def binary_types_of(resources: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the media types that API Gateway hands on byte by byte."""
    definition = resources.get("RestAPI", {}).get("Properties", {}).get("DefinitionBody", {})
    return tuple(definition.get("x-amazon-apigateway-binary-media-types", ()))
