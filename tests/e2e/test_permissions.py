"""Every function runs under its own role: what the template does not allow is denied."""

import json

import pytest

from tests.e2e.cloud import Cloud

pytestmark = pytest.mark.e2e


def test_without_its_permission_a_callback_is_not_acknowledged_and_with_it_the_retry_is_stored(cloud: Cloud) -> None:
    iam = cloud.scene.emulator.client("iam")
    functions = cloud.scene.emulator.client("lambda")
    function = functions.get_function_configuration(FunctionName=cloud.scene.outputs.values["APIHandlerName"])
    role = function["Role"].rpartition("/")[2]
    name = iam.list_role_policies(RoleName=role)["PolicyNames"][0]
    policy = iam.get_role_policy(RoleName=role, PolicyName=name)["PolicyDocument"]
    poorer = {**policy, "Statement": [one for one in policy["Statement"] if "dynamodb:PutItem" not in one["Action"]]}
    assert len(poorer["Statement"]) == len(policy["Statement"]) - 1

    iam.put_role_policy(RoleName=role, PolicyName=name, PolicyDocument=json.dumps(poorer))
    try:
        denied = cloud.follow("wmDENIED")
        assert denied.status >= 500
        assert cloud.behaviours("wmDENIED") == []
        assert cloud.tracker.send("track", "wmDENIED", "Price Asked", {}) >= 500
        assert cloud.rows("behaviours", "subject", "user:u-wmDENIED") == []
    finally:
        iam.put_role_policy(RoleName=role, PolicyName=name, PolicyDocument=json.dumps(policy))

    assert cloud.deliver(cloud.event_of("wmDENIED")).status == 200
    assert "wecom.add_external_contact" in cloud.names("wmDENIED")
