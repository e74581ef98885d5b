"""Every function's log reaches the ledger, Book's own does not, and what Book cannot book is kept."""

import json
from typing import Any

import pytest

from infra.dependencies import ROOT
from infra.deploy import parameters_of
from infra.package import STAGES, target_of
from tests.unit.guards.template import QUEUE, Template


def subscribed(template: Template) -> dict[str, dict[str, Any]]:
    """Return the subscription filters by the function whose log they read."""
    groups = template.of_type("AWS::Logs::LogGroup")
    filters = template.of_type("AWS::Logs::SubscriptionFilter").values()
    names = {name: body["LogGroupName"]["Fn::Sub"].removeprefix("/aws/lambda/") for name, body in groups.items()}
    return {names[each["LogGroupName"]["Ref"]].strip("${}"): each for each in filters}


def test_the_log_of_every_function_wakes_book_and_its_own_does_not_or_it_would_never_rest(template: Template) -> None:
    found = subscribed(template)
    assert set(found) == set(template.functions) - {"Book"}
    assert {json.dumps(each["DestinationArn"]) for each in found.values()} == {'{"Fn::GetAtt": ["Book", "Arn"]}'}


def test_the_cloud_hands_on_what_is_booked_and_the_emulator_everything(template: Template) -> None:
    patterns = {json.dumps(each["FilterPattern"]) for each in subscribed(template).values()}
    assert patterns == {json.dumps({"Fn::If": ["Emulated", "", '?usage ?"platform.report"']})}


def test_only_the_logs_of_this_stack_and_account_may_wake_it(template: Template) -> None:
    (permission,) = [
        body for body in template.of_type("AWS::Lambda::Permission").values()
        if body["Principal"] == "logs.amazonaws.com"
    ]
    assert permission["FunctionName"] == {"Ref": "Book"}
    assert permission["SourceAccount"] == {"Ref": "AWS::AccountId"}
    assert permission["SourceArn"]["Fn::Sub"].endswith(":log-group:/aws/lambda/${AWS::StackName}-*:*")


def test_reports_are_written_to_the_logs_at_all(template: Template) -> None:
    levels = template.content["Globals"]["Function"]["LoggingConfig"]
    assert levels == {"LogFormat": "JSON", "ApplicationLogLevel": "INFO", "SystemLogLevel": "INFO"}


def test_a_batch_that_cannot_be_booked_comes_twice_more_and_is_then_kept_for_two_weeks(template: Template) -> None:
    config = template.functions["Book"]["EventInvokeConfig"]
    assert config["MaximumRetryAttempts"] == 2
    destination = {"Type": "SQS", "Destination": {"Fn::GetAtt": ["BookFailures", "Arn"]}}
    assert config["DestinationConfig"]["OnFailure"] == destination
    assert template.of_type(QUEUE)["BookFailures"]["MessageRetentionPeriod"] == 1209600


@pytest.mark.parametrize("stage", STAGES)
def test_the_ledger_prices_the_processor_that_the_stage_is_packaged_for(stage: str) -> None:
    assert parameters_of(stage, {}, set())["Architecture"] == target_of(stage).architecture


def test_china_has_its_own_processor() -> None:
    config = json.loads((ROOT / ".chalice" / "config.json").read_text())
    assert config["stages"]["cn"]["lambda_architecture"] == "x86_64"
    assert parameters_of("cn", {}, set())["Architecture"] == "x86_64"
