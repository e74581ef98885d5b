"""What a crash or trouble halfway leaves behind, and that sending again cures it."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from chalicelib.domain.behaviour import Behaviour
from chalicelib.errors import TransientError
from chalicelib.gateways.accounts import Account
from chalicelib.schemas.wechat.crypto import Codec
from chalicelib.services.receive_callback import receive_callback
from chalicelib.services.receive_track import receive_track

NOW = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)
KEY = "jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C"
ACCOUNT = Account(name="main", kind="wecom", receive_id="ww1", token="t", aes_key=KEY)


class Table:
    """A behaviours table that breaks at its nth write, before or after it."""

    def __init__(self, breaks_at: int = 0, after: bool = False) -> None:
        self.rows: dict[tuple[str, str], Behaviour] = {}
        self.writes, self.breaks_at, self.after = 0, breaks_at, after

    def record(self, behaviour: Behaviour) -> bool:
        self.writes += 1
        if self.writes == self.breaks_at and not self.after:
            raise TransientError("the table is away")
        known = self.rows.setdefault((behaviour.subject, behaviour.position), behaviour)
        if self.writes == self.breaks_at:
            raise TransientError("the answer is lost")
        return known is behaviour

    def fetch(self, subject: str, position: str) -> Behaviour | None:
        return self.rows.get((subject, position))


class Queue:
    """A rejects queue that may be away."""

    def __init__(self, away: bool = False) -> None:
        self.kept: list[dict[str, Any]] = []
        self.away = away

    def keep(self, events: list[dict[str, Any]]) -> None:
        if self.away:
            raise TransientError("the queue is away")
        self.kept += events


def untimed(number: int) -> tuple[str, dict[str, Any]]:
    return "track", {"userId": "u1", "event": "Read", "messageId": f"m{number}"}


MESSAGES = [untimed(0), ("track", {"userId": "u1"}), untimed(1)]


def callback(table: Table) -> Behaviour:
    event = b"<xml><CreateTime>1700000000</CreateTime><MsgType>event</MsgType><Event>low_active</Event></xml>"
    sealed = Codec.of("t", KEY, "ww1").seal(event, str(int(NOW.timestamp())), "2")
    query = {"msg_signature": sealed.msg_signature, "timestamp": sealed.timestamp, "nonce": "2"}
    body = json.dumps({"encrypt": sealed.encrypt}).encode()
    return receive_callback(ACCOUNT, query, body, NOW, table.record, table.fetch)


@pytest.mark.parametrize("after", [False, True])
def test_a_callback_whose_write_breaks_is_trouble_and_coming_again_is_one_row(after: bool) -> None:
    table = Table(breaks_at=1, after=after)
    with pytest.raises(TransientError):
        callback(table)
    behaviour = callback(table)
    assert [*table.rows] == [(behaviour.subject, behaviour.position)]


@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize("breaks_at", [1, 2, 3, 4])
def test_a_batch_that_breaks_anywhere_and_is_sent_again_is_the_batch_sent_once(breaks_at: int, after: bool) -> None:
    once, broken, queue = Table(), Table(breaks_at, after), Queue()
    receive_track("shop", MESSAGES, NOW, once, queue.keep)
    with pytest.raises(TransientError):
        receive_track("shop", MESSAGES, NOW, broken, queue.keep)
    later = NOW if breaks_at < 3 else NOW + timedelta(minutes=5)
    receive_track("shop", MESSAGES, later, broken, queue.keep)
    receive_track("shop", MESSAGES, NOW + timedelta(hours=1), broken, queue.keep)
    assert len(broken.rows) == len(once.rows) == 4
    assert len({behaviour.id for behaviour in broken.rows.values()}) == 4


def test_bad_events_are_kept_after_the_good_ones_are_stored() -> None:
    table = Table()
    with pytest.raises(TransientError):
        receive_track("shop", MESSAGES, NOW, table, Queue(away=True).keep)
    assert len(table.rows) == 4


def test_a_bad_event_is_kept_with_what_was_wrong_and_where_it_came_from() -> None:
    queue = Queue()
    [rejected] = receive_track("shop", MESSAGES, NOW, Table(), queue.keep)
    assert rejected.index == 1
    assert queue.kept == [
        {
            "source": "shop",
            "received_at": "2026-11-22T10:00:00+00:00",
            "reason": "Field required",
            "field": "event",
            "event": {"userId": "u1"},
        }
    ]


def test_an_event_without_an_id_and_a_time_needs_no_receipt() -> None:
    table = Table()
    receive_track("shop", [("track", {"userId": "u1", "event": "Read"})], NOW, table, Queue().keep)
    assert [behaviour.occurred_at for behaviour in table.rows.values()] == [NOW]
