"""No mapping can block for ever, lose a record, or retry a whole batch for one of it."""

import json
from typing import Any

from tests.unit.guards.template import QUEUE, Template

STREAMS = {
    "Tag": ("BehavioursTable", 100),
    "Greet": ("BehavioursTable", 10),
    "Move": ("CustomersTable", 50),
    "Schedule": ("EnrolmentsTable", 50),
}
QUEUES = {"RunStep": "DueStepsQueue", "Deliver": "PushesQueue", "Collect": "ResultsQueue", "PassTime": "TimersQueue"}


def test_each_stream_has_its_consumers_and_at_most_two(template: Template) -> None:
    found = {name: (event["Stream"]["Fn::GetAtt"][0], event["BatchSize"]) for name, event in template.streams.items()}
    assert found == STREAMS
    tables = [table for table, _ in found.values()]
    assert all(tables.count(table) <= 2 for table in tables)


def test_each_queue_has_its_consumer(template: Template) -> None:
    assert {name: event["Queue"]["Fn::GetAtt"][0] for name, event in template.queues_read.items()} == QUEUES


def test_every_mapping_has_partial_responses(template: Template) -> None:
    for event in (*template.streams.values(), *template.queues_read.values()):
        assert event["FunctionResponseTypes"] == ["ReportBatchItemFailures"]


def test_every_stream_mapping_gives_up_in_time_bisects_and_keeps_what_failed(template: Template) -> None:
    for name, event in template.streams.items():
        assert event["MaximumRetryAttempts"] == 8
        assert event["MaximumRecordAgeInSeconds"] == 43200
        assert event["BisectBatchOnFunctionError"] is True
        assert event["StartingPosition"] == "TRIM_HORIZON"
        destination = {"Type": "SQS", "Destination": {"Fn::GetAtt": [f"{name}Failures", "Arn"]}}
        assert event["DestinationConfig"]["OnFailure"] == destination


def test_every_stream_mapping_wakes_nobody_in_vain(template: Template) -> None:
    patterns = {
        name: [json.loads(each["Pattern"]) for each in event["FilterCriteria"]["Filters"]]
        for name, event in template.streams.items()
    }
    new = {"eventName": ["INSERT"]}
    written = [{"eventName": ["INSERT", "MODIFY"]}]
    assert patterns == {
        "Tag": [new | {"dynamodb": {"NewImage": {"kind": {"S": ["customer"]}}}}],
        "Greet": [new | {"dynamodb": {"NewImage": {"welcome_code": {"S": [{"exists": True}]}}}}],
        "Move": written,
        "Schedule": written,
    }


def queue_of(template: Template, name: str) -> dict[str, Any]:
    return template.of_type(QUEUE)[name]


def test_every_queue_gives_up_into_the_failure_queue_of_its_reader(template: Template) -> None:
    for function, queue in QUEUES.items():
        redrive = queue_of(template, queue)["RedrivePolicy"]
        assert redrive["deadLetterTargetArn"] == {"Fn::GetAtt": [f"{function}Failures", "Arn"]}
        assert redrive["maxReceiveCount"] == (12 if queue == "PushesQueue" else 5)


def test_no_message_is_seen_again_while_its_reader_may_still_be_at_it(template: Template) -> None:
    for function, queue in QUEUES.items():
        parameter = queue_of(template, queue)["VisibilityTimeout"]["Ref"]
        waits = template.content["Parameters"][parameter]["Default"]
        assert waits > template.functions[function]["Timeout"]


def test_no_burst_starts_more_functions_than_the_parameters_say(template: Template) -> None:
    limits = {name: event["ScalingConfig"]["MaximumConcurrency"]["Ref"] for name, event in template.queues_read.items()}
    assert limits.pop("RunStep") == "StepConcurrency"
    assert set(limits.values()) == {"DeliverConcurrency"}


def test_failures_are_kept_for_two_weeks_and_a_first_in_first_out_queue_fails_into_one(template: Template) -> None:
    queues = template.of_type(QUEUE)
    for name in template.triggered:
        assert queues[f"{name}Failures"]["MessageRetentionPeriod"] == 1209600
        reads = QUEUES.get(name)
        is_fifo = bool(reads and queues[reads].get("FifoQueue"))
        assert bool(queues[f"{name}Failures"].get("FifoQueue")) == is_fifo


def test_a_group_send_is_made_after_its_gathering_and_a_margin(template: Template) -> None:
    parameters = template.content["Parameters"]
    assert parameters["PushesDelaySeconds"]["Default"] == parameters["GatherSeconds"]["Default"] + 15
    assert queue_of(template, "PushesQueue")["DelaySeconds"] == {"Ref": "PushesDelaySeconds"}
