"""Whatever is asked of the costs API: never a 5xx, never a write, and a key that writes does not read."""

from base64 import urlsafe_b64encode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.schemas.costs_query import FIELDS
from tests.integration.security.calls import Call, with_key
from tests.integration.security.front import front
from tests.integration.security.many import many

DAYS = [
    "2026-03-01",
    "2026-03-02",
    "0001-01-01",
    "9999-12-31",
    "2026-02-30",
    "20260301",
    "2026-W10-1",
    "",
    "٢٠٢٦-٠٣-٠١",
]
CURSORS = [urlsafe_b64encode(text).decode() for text in (b"[]", b'["a"]', b"{}", b"[1]", b"[" * 5_000, b"\xff", b"NaN")]
VALUES = st.sampled_from([*DAYS, *CURSORS, "=", "day", "journey,stage", "day,day", ",", "json", "csv"]) | st.text(
    max_size=9
)
QUERIES = st.dictionaries(st.sampled_from(FIELDS), VALUES, max_size=5)
COMPLETE = st.fixed_dictionaries(
    {"from": st.sampled_from(DAYS), "to": st.sampled_from(DAYS)},
    optional={name: VALUES for name in FIELDS if name not in ("from", "to")},
)


def test_no_question_breaks_the_door_or_writes_a_row(pytestconfig: pytest.Config) -> None:
    with front() as door:

        @many(pytestconfig, 200, 1_000)
        @given(query=QUERIES | COMPLETE)
        def check(query: dict[str, str]) -> None:
            reply, writes = door.send("GET", "/v1/costs", b"", with_key(Call("", b""), door.read_key), query)
            assert reply.status in {200, 400}
            assert writes == set()

        check()


def test_a_write_key_reads_no_costs_and_a_read_key_writes_no_events() -> None:
    days = {"from": "2026-03-01", "to": "2026-03-01", "by": "journey"}
    with front() as door:
        reader, writer = (with_key(Call("", b""), key) for key in (door.read_key, door.write_key))
        assert door.send("GET", "/v1/costs", b"", reader, days)[0].status == 200
        assert door.send("GET", "/v1/costs", b"", writer, days)[0].status == 401
        assert door.send("GET", "/v1/costs", b"", {}, days)[0].status == 401
        event = b'{"userId": "u", "event": "Read"}'
        assert door.send("POST", "/v1/track", event, reader)[0].status == 401
        assert door.behaviours() == []
