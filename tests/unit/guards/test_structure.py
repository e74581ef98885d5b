"""Each fault that `chalice package` lets through is found."""

from typing import Any

import pytest

from infra.structure import MARKER, faults

SOUND: dict[str, Any] = {
    "Parameters": {"Stage": {"Type": "String"}},
    "Resources": {
        "Table": {"Type": "AWS::DynamoDB::Table", "Properties": {"TableName": {"Fn::Sub": "${Stage}-${!x}"}}}
    },
}
MERGED: dict[str, Any] = {"Resources": {"Table": {}}}


def with_properties(properties: dict[str, Any]) -> dict[str, Any]:
    return {**SOUND, "Resources": {"Table": {"Type": "AWS::DynamoDB::Table", "Properties": properties}}}


def test_a_sound_template_has_no_fault() -> None:
    assert faults(SOUND, MERGED) == []


@pytest.mark.parametrize(
    ("properties", "fault"),
    [
        ({"Queue": {"Fn::GetAtt": ["Q", "Arn"], "Fn::Sub": "arn"}}, "siblings"),
        ({"Queue": {"Ref": "Table", "Name": "x"}}, "siblings"),
        ({"Group": {"Fn::Sub": "/aws/lambda/${ApiHandler}"}}, "names ApiHandler"),
        ({"Group": {"Fn::Sub": "${Tabel.Arn}/index"}}, "names Tabel.Arn"),
        ({"Stream": {"Ref": "Tabel"}}, "names Tabel"),
        ({"Events": [{"Stream": MARKER}]}, "stand-in"),
    ],
)
def test_a_fault_is_named(properties: dict[str, Any], fault: str) -> None:
    (found,) = faults(with_properties(properties), MERGED)
    assert fault in found


def test_a_resource_that_met_no_twin_is_named() -> None:
    merged: dict[str, Any] = {"Resources": {"Table": {}, "Tagg": {"Properties": {}}}}
    packaged = {**SOUND, "Resources": {**SOUND["Resources"], "Tagg": {"Properties": {}}}}
    (found,) = faults(packaged, merged)
    assert found.startswith("Tagg has no Type")


def test_the_packaged_template_has_none(packaged: dict[str, Any]) -> None:
    assert faults(packaged, packaged) == []
