"""Each function may do what its part of the flow needs, and nothing else."""

import re

import pytest

from tests.unit.guards.template import READS, WRITES, Template

# function: (tables it reads, tables it writes, stream or queue that wakes it, queues it sends to)
PARTS: dict[str, tuple[set[str], set[str], str, set[str]]] = {
    "APIHandler": ({"behaviours", "catalog", "ledger"}, {"behaviours"}, "", {"RejectsQueue"}),
    "Tag": (
        {"behaviours", "identities", "customers", "catalog"},
        {"identities", "customers"},
        "BehavioursTable.stream",
        {"TimersQueue"},
    ),
    "Greet": (
        {"behaviours", "identities", "pushes", "tokens", "catalog"},
        {"behaviours", "pushes", "tokens"},
        "BehavioursTable.stream",
        set(),
    ),
    "Move": ({"customers", "enrolments", "catalog"}, {"enrolments"}, "CustomersTable.stream", set()),
    "Schedule": ({"enrolments"}, set(), "EnrolmentsTable.stream", {"DueStepsQueue"}),
    "RunStep": (
        {"customers", "enrolments", "pushes", "catalog"},
        {"enrolments", "pushes"},
        "DueStepsQueue",
        {"PushesQueue"},
    ),
    "Deliver": ({"pushes", "tokens", "catalog"}, {"pushes", "tokens"}, "PushesQueue", {"ResultsQueue"}),
    "Collect": ({"pushes", "tokens"}, {"pushes", "tokens", "behaviours"}, "ResultsQueue", {"ResultsQueue"}),
    "PassTime": ({"identities"}, {"behaviours"}, "TimersQueue", set()),
    "Book": ({"ledger", "catalog"}, {"ledger", "catalog"}, "", set()),
}
SCHEDULING = {"Tag", "Schedule", "RunStep", "Deliver", "Collect"}
WITH_SECRETS = {"APIHandler", "Greet", "Deliver", "Collect"}
WITHOUT_NAMES = {"dynamodb:ListStreams"}  # the only action that takes no resource


def test_the_table_above_lists_every_function(template: Template) -> None:
    assert set(template.functions) == set(PARTS)


@pytest.mark.parametrize("function", sorted(PARTS))
def test_a_function_reads_and_writes_the_tables_of_its_part(template: Template, function: str) -> None:
    reads, writes, _, _ = PARTS[function]
    assert template.tables(function, READS) == reads
    assert template.tables(function, WRITES) == writes


@pytest.mark.parametrize("function", sorted(PARTS))
def test_a_function_sends_to_the_queues_of_its_part_and_to_its_own_failures(template: Template, function: str) -> None:
    sent = {resource for action, resource in template.allowed(function) if action == "sqs:SendMessage"}
    own = set() if function == "APIHandler" else {f"{function}Failures"}
    assert sent == PARTS[function][3] | own


@pytest.mark.parametrize("function", sorted(PARTS))
def test_a_function_reads_only_the_source_that_wakes_it(template: Template, function: str) -> None:
    reading = {"sqs:ReceiveMessage", "sqs:DeleteMessage", "dynamodb:GetRecords", "dynamodb:GetShardIterator"}
    sources = {resource for action, resource in template.allowed(function) if action in reading}
    assert sources == ({PARTS[function][2]} - {""})


def test_only_who_waits_makes_schedules_in_our_group_alone(template: Template) -> None:
    for function in PARTS:
        schedules = {pair for pair in template.allowed(function) if pair[0].startswith(("scheduler:", "iam:"))}
        assert bool(schedules) == (function in SCHEDULING)
        assert all("schedule/${ScheduleGroup}/" in where or where == "SchedulerRole" for _, where in schedules)


def test_only_who_signs_or_calls_reads_secrets_and_only_this_stacks(template: Template) -> None:
    for function in PARTS:
        secrets = {resource for action, resource in template.allowed(function) if action.startswith("ssm:")}
        assert bool(secrets) == (function in WITH_SECRETS)
        assert all(each.endswith(":parameter/chaoxi/${AWS::StackName}/accounts/*") for each in secrets)


def test_only_who_calls_wecom_sees_its_tokens(template: Template) -> None:
    seeing = {name for name in PARTS if "tokens" in template.tables(name, READS | WRITES)}
    assert seeing == {"Greet", "Deliver", "Collect"}


@pytest.mark.parametrize("function", sorted(PARTS))
def test_no_policy_has_a_wildcard_for_an_action_or_a_whole_service(template: Template, function: str) -> None:
    for action, resource in template.allowed(function):
        assert "*" not in action
        is_network = action.startswith("ec2:") and function in {"Greet", "Deliver", "Collect"}
        assert resource != "*" or action in WITHOUT_NAMES or is_network


@pytest.mark.parametrize("function", sorted(PARTS))
def test_a_function_writes_only_its_own_log(template: Template, function: str) -> None:
    logs = {resource for action, resource in template.allowed(function) if action.startswith("logs:")}
    assert [re.sub(r"^.*/aws/lambda/", "", each) for each in logs] == [f"${{AWS::StackName}}-{function}-*:*"]


def test_the_scheduler_may_wake_the_queues_and_nothing_else(template: Template) -> None:
    (policy,) = template.of_type("AWS::IAM::Role")["SchedulerRole"]["Policies"]
    (statement,) = policy["PolicyDocument"]["Statement"]
    woken = {each["Fn::GetAtt"][0] for each in statement["Resource"]}
    assert statement["Action"] == "sqs:SendMessage"
    assert woken == {"DueStepsQueue", "PushesQueue", "ResultsQueue", "TimersQueue", "UndeliveredSchedules"}
