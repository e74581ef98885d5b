"""One encrypted callback: our codec, parser and event, against the bare primitives and against wechatpy."""

import hashlib
import json
from base64 import b64decode
from collections.abc import Mapping
from pathlib import Path
from xml.parsers import expat

import xmltodict
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from wechatpy.work.crypto import WeChatCrypto

from benchmarks.measure import cpu_of_each
from chalicelib.schemas.wechat.body import parse_body
from chalicelib.schemas.wechat.crypto import Codec, Sealed

VECTORS = Path(__file__).parents[1] / "tests" / "events" / "wecom_vectors.json"
VECTOR: Mapping[str, str] = next(one for one in json.loads(VECTORS.read_text()) if one["id"] == "WECOM-2-text")
ENVELOPE = f"<xml><ToUserName>x</ToUserName><Encrypt><![CDATA[{VECTOR['encrypt']}]]></Encrypt></xml>".encode()
KEY = b64decode(VECTOR["aes_key"] + "=")


def bare() -> None:
    """SHA-1, AES and expat on the same bytes, nothing checked."""
    parts = sorted((VECTOR["token"], VECTOR["timestamp"], VECTOR["nonce"], VECTOR["encrypt"]))
    hashlib.sha1("".join(parts).encode(), usedforsecurity=False)
    decryptor = Cipher(algorithms.AES(KEY), modes.CBC(KEY[:16])).decryptor()
    plain = decryptor.update(b64decode(VECTOR["encrypt"])) + decryptor.finalize()
    expat.ParserCreate().Parse(ENVELOPE, True)
    expat.ParserCreate().Parse(plain[20 : 20 + int.from_bytes(plain[16:20], "big")], True)


def ours() -> None:
    """What a callback runs between the request and the table."""
    codec = Codec.of(VECTOR["token"], VECTOR["aes_key"], VECTOR["receive_id"])
    encrypted = str(parse_body(ENVELOPE)["Encrypt"])
    parse_body(codec.open(Sealed(encrypted, VECTOR["msg_signature"], VECTOR["timestamp"], VECTOR["nonce"])))


def theirs() -> None:
    """What wechatpy runs for the same."""
    crypto = WeChatCrypto(VECTOR["token"], VECTOR["aes_key"], VECTOR["receive_id"])
    xmltodict.parse(crypto.decrypt_message(ENVELOPE, VECTOR["msg_signature"], VECTOR["timestamp"], VECTOR["nonce"]))


def rows() -> list[tuple[str, float, str]]:
    """Return (what, value, unit) of each figure."""
    mine, primitives, wechatpy = cpu_of_each([ours, bare, theirs], 300)
    return [
        ("one callback opened and parsed", mine * 1e6, "µs CPU"),
        ("… over bare SHA-1, AES and expat", mine / primitives, "×"),
        ("… over wechatpy", mine / wechatpy, "×"),
    ]
