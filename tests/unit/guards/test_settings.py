"""Every setting that the code reads is set for every function that needs it, and nothing else is."""

import ast
from pathlib import Path

import pytest

from infra.dependencies import ROOT
from infra.deploy import parameters_of
from infra.failure import Failure
from infra.package import STAGES
from tests.unit.guards.template import Template

CALLING_WECOM = {"Greet", "Deliver", "Collect"}
OF_WECOM = {"WECOM_BASE_URL", "EGRESS_PROXY_URL"}
OF_FAILURES = {"FAILURES_QUEUE_URL"}
OF_LAMBDA = {"_HANDLER", "AWS_REGION"}


def names_read(path: Path) -> set[str]:
    """Return the variables that a file reads by `env[...]`, `env.get(...)` or `os.environ.get(...)`."""
    nodes = list(ast.walk(ast.parse(path.read_text())))
    keys = [node.slice for node in nodes if isinstance(node, ast.Subscript)]
    keys += [call.args[0] for call in nodes if isinstance(call, ast.Call) and getattr(call.func, "attr", "") == "get"]
    return {key.value for key in keys if isinstance(key, ast.Constant) and isinstance(key.value, str)}


READ = names_read(ROOT / "chalicelib" / "config.py") - OF_LAMBDA


def test_every_function_has_every_setting_that_it_may_read(template: Template) -> None:
    for name in template.functions:
        needed = (
            READ - (set() if name in CALLING_WECOM else OF_WECOM) - (OF_FAILURES if name == "APIHandler" else set())
        )
        assert needed - template.environment(name) == set(), name


def test_no_function_has_a_setting_that_nobody_reads(template: Template) -> None:
    for name in template.functions:
        assert template.environment(name) - READ == set(), name


def test_only_functions_that_call_wecom_stand_behind_the_fixed_address(template: Template) -> None:
    assert {name for name, body in template.functions.items() if "VpcConfig" in body} == CALLING_WECOM
    assert {name for name in template.functions if OF_WECOM & template.environment(name)} == CALLING_WECOM


def test_each_function_keeps_its_own_failures(template: Template) -> None:
    for name in template.triggered:
        own = template.functions[name]["Environment"]["Variables"]["FAILURES_QUEUE_URL"]
        assert own == {"Ref": f"{name}Failures"}


@pytest.mark.parametrize("stage", [stage for stage in STAGES if stage != "local"])
@pytest.mark.parametrize(("name", "value"), [("Speed", "4320"), ("RaiseOnPartialFailure", "1")])
def test_no_cloud_stage_can_have_the_clock_or_the_failures_of_the_emulator(stage: str, name: str, value: str) -> None:
    with pytest.raises(Failure, match="is for the local stage"):
        parameters_of(stage, {name: value}, {name})


def test_cloudformation_itself_refuses_another_clock_outside_the_local_stage(template: Template) -> None:
    rule = template.content["Rules"]["TimeIsRealInTheCloud"]
    assert rule["RuleCondition"] == {"Fn::Not": [{"Fn::Equals": [{"Ref": "Stage"}, "local"]}]}
    assert {"Fn::Equals": [{"Ref": "Speed"}, "1"]} in [each["Assert"] for each in rule["Assertions"]]
    assert template.content["Parameters"]["Speed"]["Default"] == "1"


def test_a_stage_that_matters_is_protected_against_deletion() -> None:
    protection = {stage: parameters_of(stage, {}, set())["DeletionProtection"] for stage in STAGES}
    assert protection == {"local": "false", "dev": "false", "prod": "true", "cn": "true"}


def test_a_longer_gathering_delays_the_queue_with_it() -> None:
    parameters = parameters_of("dev", {"GatherSeconds": "90"}, {"GatherSeconds"})
    assert parameters["PushesDelaySeconds"] == "105"


def test_an_unknown_parameter_is_refused_by_name() -> None:
    with pytest.raises(Failure, match="Sped"):
        parameters_of("local", {"Sped": "2"}, {"Speed"})
