"""Whatever arrives at the tracking API: never a 5xx, no row but a good event's, no secret in a log."""

import pytest
from hypothesis import given

from tests.integration.security.calls import Call, calls, with_key
from tests.integration.security.front import Front, front
from tests.integration.security.many import many

ANSWERS = {200, 400, 401, 413}


def meet(door: Front, call: Call) -> None:
    """Make a call and check what became of it."""
    reply, writes = door.send("POST", f"/v1/{call.kind}", call.body, with_key(call, door.write_key))
    assert reply.status in ANSWERS
    assert writes <= ({"PutItem"} if reply.status == 200 else set())
    assert (reply.status == 401) == (not call.is_known)
    assert reply.json()["success"] is (reply.status == 200)
    assert reply.headers["Content-Type"] == "application/json"


def test_no_call_breaks_the_door_writes_a_row_or_shows_a_secret(pytestconfig: pytest.Config) -> None:
    with front() as door:

        @many(pytestconfig, 500)
        @given(call=calls())
        def check(call: Call) -> None:
            meet(door, call)

        check()
        stored = door.behaviours()
        assert stored
        assert {behaviour.source for behaviour in stored} == {"tracking"}
