"""What the template itself does against reading, flooding and losing what is stored."""

import re
from pathlib import Path
from typing import Any

import pytest

from infra.dependencies import ROOT
from tests.unit.guards.template import QUEUE, Template

SECRET = re.compile(r"SECRET|TOKEN|PASSWORD|AES|CREDENTIAL|PRIVATE|_KEY$")
PRINTS = re.compile(r"\bprint\(")
# The usage line and the reports it is joined with are prints by design.
METERING = "metering"


def test_every_queue_is_encrypted(template: Template) -> None:
    for name, queue in template.of_type(QUEUE).items():
        assert queue["SqsManagedSseEnabled"], name


def test_no_setting_of_a_function_is_a_secret(template: Template) -> None:
    settings = {name for function in template.functions for name in template.environment(function)}
    assert [name for name in settings if SECRET.search(name)] == []


def test_the_address_takes_only_so_many_calls_a_second(packaged: dict[str, Any]) -> None:
    (limits,) = packaged["Resources"]["RestAPI"]["Properties"]["MethodSettings"]
    assert (limits["HttpMethod"], limits["ResourcePath"]) == ("*", "/*")
    assert limits["ThrottlingRateLimit"] == {"Ref": "ApiRate"}
    assert limits["ThrottlingBurstLimit"] == {"Ref": "ApiBurst"}


def test_a_function_that_wakes_itself_is_stopped_where_the_cloud_can(packaged: dict[str, Any]) -> None:
    assert "Terminate" in packaged["Globals"]["Function"]["RecursiveLoop"]["Fn::If"]


@pytest.mark.parametrize(
    "path", sorted((ROOT / "chalicelib").rglob("*.py")), ids=lambda path: str(path.relative_to(ROOT))
)
def test_nothing_is_printed_but_through_the_logger_and_the_meter(path: Path) -> None:
    assert METERING in path.parts or not PRINTS.search(path.read_text())


def test_only_alarms_may_speak_on_the_topic_of_alarms(template: Template) -> None:
    (policy,) = template.of_type("AWS::SNS::TopicPolicy").values()
    (statement,) = policy["PolicyDocument"]["Statement"]
    assert policy["Topics"] == [{"Ref": "Alarms"}]
    assert (statement["Action"], statement["Principal"]) == ("sns:Publish", {"Service": "cloudwatch.amazonaws.com"})
    assert statement["Condition"] == {"StringEquals": {"aws:SourceAccount": {"Ref": "AWS::AccountId"}}}
