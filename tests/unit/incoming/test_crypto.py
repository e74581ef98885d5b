"""The envelope: Tencent's vectors, an independent implementation, and what must not pass."""

import json
from base64 import b64encode
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from wechatpy.crypto import WeChatCrypto
from wechatpy.work.crypto import WeChatCrypto as WorkCrypto

from chalicelib.schemas.wechat.body import parse_body
from chalicelib.schemas.wechat.crypto import Codec, Sealed, check, sign
from chalicelib.schemas.wechat.refused import RefusedCallbackError

EVENTS = Path(__file__).parents[2] / "events"
VECTORS: dict[str, dict[str, Any]] = {
    vector["id"]: vector for vector in json.loads((EVENTS / "wecom_vectors.json").read_text())
}
KEY = "jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C"


def codec_of(vector: dict[str, Any], **changed: str) -> Codec:
    return Codec.of(vector["token"], vector["aes_key"], changed.get("receive_id", vector["receive_id"]))


def sealed_of(vector: dict[str, Any], **changed: str) -> Sealed:
    parts = (vector["token"], vector["timestamp"], vector["nonce"], vector["encrypt"])
    signature = vector["msg_signature"] or sign(*parts)
    values = {"encrypt": vector["encrypt"], "msg_signature": signature, "timestamp": parts[1], "nonce": parts[2]}
    return Sealed(**{**values, **changed})


def reason_of(codec: Codec, sealed: Sealed) -> str:
    with pytest.raises(RefusedCallbackError) as refused:
        codec.open(sealed)
    return refused.value.reason


def tampered(codec: Codec, secret: bytes) -> Sealed:
    """Seal bytes as they are: rightly signed, whatever they decrypt to."""
    encrypt = b64encode(secret).decode()
    return Sealed(encrypt, sign(codec.token, "1", "2", encrypt), "1", "2")


def encrypted(codec: Codec, plain: bytes) -> bytes:
    encryptor = codec.cipher.encryptor()
    return encryptor.update(plain) + encryptor.finalize()


@pytest.mark.parametrize("name", VECTORS)
def test_a_published_vector_is_opened_and_sealed_again_to_the_same_text(name: str) -> None:
    vector = VECTORS[name]
    codec, sealed = codec_of(vector), sealed_of(vector)
    assert codec.open(sealed).decode() == vector["plain"]
    random = bytes.fromhex(vector["random_hex"])
    assert codec.seal(vector["plain"].encode(), vector["timestamp"], vector["nonce"], random) == sealed


@pytest.mark.parametrize("name", ["WECOM-2-text", "WECOM-5-sig+msg", "WECOM-7-text", "MP-1-text", "MA-1-json"])
def test_the_message_of_a_published_vector_is_parsed(name: str) -> None:
    assert {"ToUserName", "FromUserName", "CreateTime", "MsgType"} <= parse_body(VECTORS[name]["plain"].encode()).keys()


@pytest.mark.parametrize(
    ("timestamp", "nonce", "signature"),
    [
        ("1714036504", "1514711492", "f464b24fc39322e44b38aa78f5edd27bd1441696"),
        ("1714037059", "486452656", "899cf89e464efb63f54ddac96b0a0a235f53aa78"),
        ("1714112445", "415670741", "6c5c811b55cc85e0e1b54100749188c20beb3f5d"),
    ],
)
def test_a_published_plain_signature_is_reproduced(timestamp: str, nonce: str, signature: str) -> None:
    check(signature, "AAAAA", timestamp, nonce)


@pytest.mark.parametrize("key", ["", "a" * 42, "a" * 44, "a" * 42 + "=", "a" * 42 + "$"])
def test_a_key_that_is_not_43_characters_for_32_bytes_is_a_wrong_setting(key: str) -> None:
    with pytest.raises(ValueError, match=r"padd|letters|base64") as wrong:
        Codec.of("token", key, "ww1")
    assert not isinstance(wrong.value, RefusedCallbackError)


@pytest.mark.parametrize(
    ("name", "changed"),
    [
        ("WECOM-1-echostr", {"msg_signature": "5c45ff5e21c57e6ad56bac8758b79b1d9ac89fd2"}),
        ("WECOM-7-text", {"nonce": "461056295"}),
        ("WECOM-2-text", {"msg_signature": ""}),
        ("WECOM-2-text", {"msg_signature": "签名"}),
        ("WECOM-2-text", {"msg_signature": "\ud800"}),
        ("WECOM-2-text", {"timestamp": "1409659814"}),
        ("WECOM-2-text", {"encrypt": VECTORS["WECOM-1-echostr"]["encrypt"]}),
    ],
)
def test_a_signature_that_does_not_fit_is_refused(name: str, changed: dict[str, str]) -> None:
    assert reason_of(codec_of(VECTORS[name]), sealed_of(VECTORS[name], **changed)) == "signature"


def test_a_message_for_another_account_is_refused() -> None:
    vector = VECTORS["MP-1-text"]
    assert reason_of(codec_of(vector, receive_id="wxb11529c136998cb7"), sealed_of(vector)) == "receive_id"


def test_a_message_for_nobody_in_particular_is_refused_by_an_account() -> None:
    assert reason_of(Codec.of("t", KEY, "ww1"), Codec.of("t", KEY, "").seal(b"hello", "1", "2")) == "receive_id"


@pytest.mark.parametrize("encrypt", ["", "====", "not base64!", "AAAA", "AAAA\nAAAA", "密文"])
def test_a_ciphertext_that_is_not_whole_blocks_of_strict_base64_is_refused(encrypt: str) -> None:
    codec = Codec.of("t", KEY, "ww1")
    assert reason_of(codec, Sealed(encrypt, sign("t", "1", "2", encrypt), "1", "2")) == "malformed"


@pytest.mark.parametrize(
    ("padding", "reason"),
    [
        (b"\x00" * 16, "padding"),
        (b"\x21" * 16, "padding"),
        (b"\x01" * 14 + b"\x02\x03", "padding"),
        (b"\x10" * 16, "malformed"),
    ],
)
def test_a_wrong_padding_or_a_plaintext_without_a_length_is_refused(padding: bytes, reason: str) -> None:
    codec = Codec.of("t", KEY, "ww1")
    assert reason_of(codec, tampered(codec, encrypted(codec, b"r" * 16 + padding))) == reason


def test_a_length_beyond_the_end_is_refused() -> None:
    codec = Codec.of("t", KEY, "ww1")
    assert (
        reason_of(codec, tampered(codec, encrypted(codec, b"r" * 16 + b"\xff\xff\xff\xff" + b"\x0c" * 12)))
        == "malformed"
    )


def test_the_settings_never_show_in_a_representation() -> None:
    assert repr(Codec.of("secret", KEY, "ww1")) == "Codec(receive_id='ww1')"


@settings(max_examples=200, deadline=None)
@given(message=st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=200))
def test_what_an_independent_implementation_seals_is_opened(message: str) -> None:
    for crypto, account in ((WorkCrypto, "ww1234"), (WeChatCrypto, "wx1234")):
        sealed = parse_body(crypto("token", KEY, account).encrypt_message(message, "nonce", "1700000000").encode())
        parts = Sealed(sealed["Encrypt"], sealed["MsgSignature"], "1700000000", "nonce")
        assert Codec.of("token", KEY, account).open(parts).decode() == message


@settings(max_examples=100, deadline=None)
@given(message=st.binary(max_size=200))
def test_what_is_sealed_is_opened_and_padded_to_32(message: bytes) -> None:
    codec = Codec.of("token", KEY, "ww1")
    sealed = codec.seal(message, "1", "2")
    assert codec.open(sealed) == message


@settings(max_examples=200, deadline=None)
@given(secret=st.binary(min_size=1, max_size=200))
def test_random_ciphertext_is_refused_with_the_one_error(secret: bytes) -> None:
    codec = Codec.of("token", KEY, "ww1")
    with pytest.raises(RefusedCallbackError):
        codec.open(tampered(codec, secret))
