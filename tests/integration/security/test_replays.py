"""A callback that somebody kept and sends again is the event that it was, or nothing."""

from datetime import timedelta

import pytest

from chalicelib.services.receive_callback import MAX_SKEW
from infra.package import MERGED
from infra.structure import load_yaml
from tests.integration.security.callbacks import CODEC, Callback, sealed
from tests.integration.security.front import Front, front

EVENT = b"<xml><CreateTime>1772416800</CreateTime><MsgType>event</MsgType><Event>low_active</Event></xml>"
HEADERS = {"Content-Type": "text/xml"}
SECOND = timedelta(seconds=1)


def delivered(door: Front, callback: Callback) -> int:
    """Return the status that a callback is answered with."""
    return door.send("POST", "/wechat/main", callback.body, HEADERS, callback.query)[0].status


def test_a_callback_heard_again_in_time_is_the_same_row() -> None:
    with front() as door:
        kept = sealed(EVENT, door.cloud.now)
        assert [delivered(door, kept) for _ in range(3)] == [200, 200, 200]
        door.cloud.advance(MAX_SKEW)
        assert delivered(door, kept) == 200
        assert len(door.behaviours()) == 1


@pytest.mark.parametrize(
    ("age", "status"),
    [
        (MAX_SKEW, 200),
        (-MAX_SKEW, 200),
        (MAX_SKEW + SECOND, 403),
        (-MAX_SKEW - SECOND, 403),
        (timedelta(days=400), 403),
    ],
)
def test_a_callback_signed_for_another_time_is_refused(age: timedelta, status: int) -> None:
    with front() as door:
        assert delivered(door, sealed(EVENT, door.cloud.now - age)) == status
        assert len(door.behaviours()) == (status == 200)


@pytest.mark.parametrize("timestamp", ["", "now", "1e9", "9" * 30, "-1", "1772416800.5"])
def test_a_time_that_cannot_be_read_is_no_time_however_it_is_signed(timestamp: str) -> None:
    envelope = CODEC.seal(EVENT, timestamp, "n")
    query = {"msg_signature": envelope.msg_signature, "timestamp": timestamp, "nonce": "n"}
    with front() as door:
        assert delivered(door, Callback(query, f"<xml><Encrypt>{envelope.encrypt}</Encrypt></xml>".encode())) == 403


def test_a_newer_time_cannot_be_written_over_the_signed_one() -> None:
    with front() as door:
        kept = sealed(EVENT, door.cloud.now - timedelta(days=2))
        newer = {**kept.query, "timestamp": str(int(door.cloud.now.timestamp()))}
        assert delivered(door, Callback(newer, kept.body)) == 403


def test_a_behaviour_outlives_the_time_in_which_its_callback_can_be_heard_again() -> None:
    shortest = load_yaml(MERGED)["Parameters"]["BehaviourRetentionDays"]["MinValue"]
    assert timedelta(days=shortest) >= 2 * MAX_SKEW
