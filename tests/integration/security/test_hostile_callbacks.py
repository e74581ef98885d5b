"""Whatever arrives at a callback address: never a 5xx, no row but an event's, no secret in a log."""

import pytest
from hypothesis import given

from tests.integration.security.callbacks import Callback, callbacks
from tests.integration.security.front import Front, front
from tests.integration.security.many import many

ANSWERS = {200, 400, 403, 413}


def meet(door: Front, callback: Callback) -> None:
    """Deliver a callback and check what became of it."""
    reply, writes = door.send("POST", "/wechat/main", callback.body, {"Content-Type": callback.media}, callback.query)
    assert reply.status in ANSWERS
    assert writes == ({"PutItem"} if reply.status == 200 else set())
    assert not (callback.is_forged and reply.status == 200)
    assert reply.text in ("", "refused")
    assert reply.headers["Content-Type"].startswith("text/plain")


def test_no_callback_breaks_the_door_writes_a_row_or_shows_a_secret(pytestconfig: pytest.Config) -> None:
    with front() as door:

        @many(pytestconfig, 1_000)
        @given(callback=callbacks(door.cloud.now))
        def check(callback: Callback) -> None:
            meet(door, callback)

        check()
        stored = door.behaviours()
        assert stored
        assert {behaviour.source for behaviour in stored} == {"wecom"}


def test_no_query_to_prove_the_address_breaks_the_door(pytestconfig: pytest.Config) -> None:
    with front() as door:

        @many(pytestconfig, 200, 1_000)
        @given(callback=callbacks(door.cloud.now))
        def check(callback: Callback) -> None:
            query = {**callback.query, "echostr": callback.body.decode("utf-8", "replace")}
            reply, writes = door.send("GET", "/wechat/main", b"", {}, query)
            assert reply.status in ANSWERS
            assert writes == set()

        check()
