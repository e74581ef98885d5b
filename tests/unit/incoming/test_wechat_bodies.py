"""XML and JSON as WeChat writes them, and as nobody should."""

from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.schemas.wechat.body import MAX_BYTES, ciphertext_in, parse_body
from chalicelib.schemas.wechat.refused import RefusedCallbackError


def reason_of(body: bytes) -> str:
    with pytest.raises(RefusedCallbackError) as refused:
        parse_body(body)
    return refused.value.reason


@pytest.mark.parametrize(
    ("body", "fields"),
    [
        ("<xml><A>1</A></xml>", {"A": "1"}),
        ("\ufeff <xml><A> 1 </A></xml> ", {"A": "1"}),
        ("<xml><A><![CDATA[<b>&]]></A></xml>", {"A": "<b>&"}),
        ("<xml><A>x&amp;y<![CDATA[z]]></A></xml>", {"A": "x&yz"}),
        ("<xml><A></A><B/></xml>", {"A": "", "B": ""}),
        ("<xml><A><B>1</B>stray</A></xml>", {"A": {"B": "1"}}),
        ("<xml><A>1</A><A>2</A><A>3</A></xml>", {"A": ["1", "2", "3"]}),
        ("<xml><A><I>1</I></A><A><I>2</I></A></xml>", {"A": [{"I": "1"}, {"I": "2"}]}),
        ('<xml><A href="x">1</A></xml>', {"A": "1"}),
        ('<?xml version="1.0" encoding="gbk"?><xml><A>潮汐</A></xml>', {"A": "潮汐"}),
        ('{"A": 1, "B": {"C": "2"}}', {"A": 1, "B": {"C": "2"}}),
    ],
)
def test_a_body_becomes_fields(body: str, fields: dict[str, object]) -> None:
    assert parse_body(body.encode()) == fields


ENTITY = '<!DOCTYPE x [<!ENTITY a "b">]><xml><A>&a;</A></xml>'
LAUGHS = '<!DOCTYPE x [<!ENTITY a "aa"><!ENTITY b "&a;&a;"><!ENTITY c "&b;&b;">]><xml><A>&c;</A></xml>'
OUTSIDE = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><xml><A>&a;</A></xml>'
DEEP = "<xml>" + "<a>" * 17 + "</a>" * 17 + "</xml>"


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", "empty"),
        (b" \n ", "empty"),
        (b"\xff\xfe<\x00x\x00", "encoding"),
        ("<xml><A>潮</A></xml>".encode("gbk"), "encoding"),
        (ENTITY.encode(), "dtd"),
        (LAUGHS.encode(), "dtd"),
        (OUTSIDE.encode(), "dtd"),
        (b"<!DOCTYPE xml><xml><A>1</A></xml>", "dtd"),
        (DEEP.encode(), "malformed"),
        (b"<xml>" + b"<a/>" * 5_000 + b"</xml>", "malformed"),
        (b"<xml>text</xml>", "malformed"),
        (b"<xml/>", "malformed"),
        (b"<html><A>1</A></html>", "malformed"),
        (b"<xml><A>1</xml>", "malformed"),
        (b"<xml><A>&b;</A></xml>", "malformed"),
        (b"hello", "malformed"),
        (b"[1]", "malformed"),
        (b'{"A": NaN}', "malformed"),
        (b'{"A": "\\ud800"}', "malformed"),
        (b'{"A": ' + b"[" * 5_000 + b"]" * 5_000 + b"}", "malformed"),
        (b"<xml><A>" + b"a" * MAX_BYTES + b"</A></xml>", "oversize"),
    ],
)
def test_a_bad_body_is_refused_with_its_reason(body: bytes, reason: str) -> None:
    assert reason_of(body) == reason


def test_sixteen_levels_and_five_thousand_elements_are_read() -> None:
    assert parse_body(("<xml>" + "<a>" * 15 + "1" + "</a>" * 15 + "</xml>").encode())
    assert len(parse_body(b"<xml>" + b"<a>1</a>" * 4_999 + b"</xml>")["a"]) == 4_999


@settings(max_examples=200, deadline=None)
@given(body=st.binary(max_size=300) | st.text(max_size=300).map(lambda text: text.encode("utf-8", "replace")))
def test_any_body_is_fields_or_is_refused(body: bytes) -> None:
    with suppress(RefusedCallbackError):
        assert isinstance(parse_body(body), dict)


@pytest.mark.parametrize("name", ["Encrypt", "encrypt", "ENCRYPT"])
def test_the_encrypted_part_is_found_however_its_name_is_spelt(name: str) -> None:
    assert ciphertext_in({"ToUserName": "ww1", name: "abc"}) == "abc"


@pytest.mark.parametrize(
    ("fields", "reason"),
    [({"FromUserName": "o1"}, "clear"), ({"Encrypt": ""}, "malformed"), ({"Encrypt": {"A": "1"}}, "malformed")],
)
def test_an_envelope_without_an_encrypted_part_is_refused(fields: dict[str, object], reason: str) -> None:
    with pytest.raises(RefusedCallbackError, match=reason):
        ciphertext_in(fields)
