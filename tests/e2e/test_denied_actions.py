"""Under its own role, each function is refused everything that docs/permissions.md does not list for it."""

import pytest

from infra.permissions import OUTSIDE_SCHEDULES, SCHEDULES, Pair, Permissions, read_permissions
from tests.e2e.cloud import Cloud
from tests.e2e.roles import Roles

pytestmark = pytest.mark.e2e
# No request asks for it: it is judged inside of others, which the emulator leaves out.
UNASKED = {"iam:PassRole"}
# What the emulator refuses although a role has it, for it names the resource otherwise: a log without the `:*` of its
# streams, a table's stream not at all. tests/unit/guards/test_policies.py proves those grants by the template.
REFUSED_BY_THE_EMULATOR = {"logs:CreateLogStream", "logs:PutLogEvents"} | {
    f"dynamodb:{verb}" for verb in ("DescribeStream", "GetRecords", "GetShardIterator")
}


@pytest.fixture(scope="module")
def permissions() -> Permissions:
    return read_permissions("local")


@pytest.fixture(scope="module")
def roles(cloud: Cloud, permissions: Permissions) -> Roles:
    return Roles(cloud.scene.emulator, cloud.scene.outputs.stack, permissions)


def is_told_apart(pair: Pair, granted: set[Pair]) -> bool:
    """Whether the emulator can tell a pair from what is granted: it sees every schedule as one of its default group."""
    action, resource = pair
    return action not in UNASKED and not (resource == OUTSIDE_SCHEDULES and (action, SCHEDULES) in granted)


def test_every_function_is_denied_what_it_was_not_granted(permissions: Permissions, roles: Roles) -> None:
    tried, permitted = 0, []
    for function in permissions.functions:
        granted = permissions.granted(function)
        with roles.assumed(function) as bearer:
            for pair in sorted(permissions.denied(function)):
                if is_told_apart(pair, granted):
                    tried += 1
                    permitted += [] if bearer.is_denied(*pair) else [(function, *pair)]
    assert permitted == []
    assert tried > 300 * len(permissions.functions)


def test_every_function_may_do_what_it_was_granted(permissions: Permissions, roles: Roles) -> None:
    refused = []
    for function in permissions.functions:
        with roles.assumed(function) as bearer:
            for action, resource in sorted(permissions.granted(function)):
                if action not in UNASKED | REFUSED_BY_THE_EMULATOR and "(if " not in resource:
                    refused += [(function, action, resource)] if bearer.is_denied(action, resource) else []
    assert refused == []
