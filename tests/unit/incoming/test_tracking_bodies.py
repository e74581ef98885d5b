"""The body and the write key of a call of the tracking API."""

import gzip
import json
from base64 import b64encode
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.schemas.tracking.body import MAX_BODY, messages_in, read_body
from chalicelib.schemas.tracking.credentials import key_in_body, key_in_headers
from chalicelib.schemas.tracking.refused import RefusedCallError


def refusal_of(body: bytes) -> str:
    with pytest.raises(RefusedCallError) as refused:
        read_body(body)
    return refused.value.code


def basic(user: str, password: str = "") -> str:
    return "Basic " + b64encode(f"{user}:{password}".encode()).decode()


def test_a_body_is_read_gzipped_or_not() -> None:
    body = json.dumps({"userId": "李四"}).encode()
    assert read_body(body) == read_body(gzip.compress(body)) == {"userId": "李四"}


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"", "malformed"),
        (b"null", "malformed"),
        (b"[]", "malformed"),
        (b"{", "malformed"),
        (b'{"a": NaN}', "malformed"),
        (b'{"a": "\xff"}', "malformed"),
        (b'{"a": ' + b"[" * 200 + b"]" * 200 + b"}", "malformed"),
        (b'{"a": ' + b"[" * 100_000 + b"]" * 100_000 + b"}", "malformed"),
        (b'{"a": ' + b"1" * 10_000 + b"}", "malformed"),
        (b"\x1f\x8bnot gzip", "malformed"),
        (gzip.compress(b'{"a": 1}', mtime=0)[:-9], "malformed"),
        (b'{"a": "' + b"x" * MAX_BODY + b'"}', "too_large"),
        (gzip.compress(b" " * 50_000_000, mtime=0), "too_large"),
    ],
)
def test_a_bad_body_is_refused(body: bytes, code: str) -> None:
    assert refusal_of(body) == code


@settings(max_examples=200, deadline=None)
@given(body=st.binary(max_size=200) | st.binary(max_size=200).map(lambda tail: b"\x1f\x8b\x08" + tail))
def test_any_body_is_an_object_or_is_refused(body: bytes) -> None:
    with suppress(RefusedCallError):
        assert isinstance(read_body(body), dict)


def test_a_batch_may_hold_500_events() -> None:
    assert len(messages_in({"batch": [{}] * 500})) == 500
    with pytest.raises(RefusedCallError, match="500 events"):
        messages_in({"batch": [{}] * 501})


@pytest.mark.parametrize("fields", [{}, {"batch": None}, {"batch": {}}])
def test_a_batch_is_a_list(fields: dict[str, Any]) -> None:
    with pytest.raises(RefusedCallError, match="list"):
        messages_in(fields)


def test_the_context_of_a_batch_lies_beneath_that_of_its_messages() -> None:
    messages = [{"context": {"ip": "2"}}, {"context": None}, {}, "x", {"context": 7}]
    assert messages_in({"batch": messages, "context": {"ip": "1", "os": "3"}}) == [
        {"context": {"ip": "2", "os": "3"}},
        {"context": {"ip": "1", "os": "3"}},
        {"context": {"ip": "1", "os": "3"}},
        "x",
        {"context": 7},
    ]


@pytest.mark.parametrize("name", ["Authorization", "authorization"])
def test_the_write_key_is_the_user_of_basic_authentication(name: str) -> None:
    assert key_in_headers({name: basic("shop.abc")}) == "shop.abc"
    assert key_in_headers({name: basic("shop.abc", "ignored")}) == "shop.abc"


def test_without_a_header_the_key_is_looked_for_in_the_body() -> None:
    assert key_in_headers({"Host": "x"}) is None
    assert key_in_body({"writeKey": "shop.abc"}) == "shop.abc"


@pytest.mark.parametrize("header", ["", "Bearer abc", "Basic", "Basic !!!", basic(""), "Basic /w=="])
def test_a_header_that_holds_no_key_is_refused(header: str) -> None:
    with pytest.raises(RefusedCallError) as refused:
        key_in_headers({"Authorization": header})
    assert refused.value.code == "wrong_key"


@pytest.mark.parametrize("fields", [{}, {"writeKey": ""}, {"writeKey": 7}])
def test_a_body_that_holds_no_key_is_refused(fields: dict[str, Any]) -> None:
    with pytest.raises(RefusedCallError):
        key_in_body(fields)
