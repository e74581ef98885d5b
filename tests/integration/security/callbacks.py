"""What arrives at an account's callback address, from noise to messages by somebody who holds the token and the key."""

import json
import struct
from base64 import b64encode
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from hypothesis import strategies as st

from chalicelib.schemas.wechat.crypto import Codec, Sealed, pad, sign
from tests.harness.wecom import MAIN
from tests.integration.security.front import PHONE, WORDS
from tests.integration.security.hostile import BOMBS, LEAVES, VALUES, damaged, written

EVENTS = sorted((Path(__file__).parents[2] / "events" / "wecom").glob("*.xml"))
CODEC = Codec.of(MAIN.token, MAIN.aes_key, MAIN.corp_id)
TYPES = st.sampled_from(["text/xml", "application/json", "text/plain", "application/zip", "x", "", "a/b; c=\t"])
RANDOM = bytes(range(16))
NONCE = "263014780"


@dataclass(frozen=True)
class Callback:
    """A request to `/wechat/main`. `is_forged`: who made it lacks the token or the key."""

    query: dict[str, str]
    body: bytes
    media: str = "text/xml"
    is_forged: bool = True


def signed(encrypted: str, now: datetime) -> Callback:
    """Return a callback with the right signature for any text, by somebody who has the token."""
    at = str(int(now.timestamp()))
    query = {"msg_signature": sign(MAIN.token, at, NONCE, encrypted), "timestamp": at, "nonce": NONCE}
    return Callback(query, json.dumps({"encrypt": encrypted}).encode(), "application/json")


def sealed(message: bytes, now: datetime) -> Callback:
    """Return a callback by somebody who has the token and the key."""
    envelope: Sealed = CODEC.seal(message, str(int(now.timestamp())), NONCE, RANDOM)
    query = {"msg_signature": envelope.msg_signature, "timestamp": envelope.timestamp, "nonce": NONCE}
    body = f"<xml><ToUserName>x</ToUserName><Encrypt><![CDATA[{envelope.encrypt}]]></Encrypt></xml>"
    return Callback(query, body.encode(), is_forged=False)


def encrypted(plain: bytes) -> str:
    """Return a plaintext of whole blocks, whatever is in it, encrypted."""
    encryptor = CODEC.cipher.encryptor()
    return b64encode(encryptor.update(plain) + encryptor.finalize()).decode()


NOISE = st.builds(
    Callback,
    st.dictionaries(st.sampled_from(["msg_signature", "timestamp", "nonce", "signature", "x"]), st.text(max_size=40)),
    st.binary(max_size=200) | st.sampled_from([bomb.encode("utf-8", "surrogatepass") for bomb in BOMBS]),
    TYPES,
)


def events() -> st.SearchStrategy[bytes]:
    """Return events that WeCom sends, with a person's words in them."""
    marked = f"<Content>{WORDS}</Content><Phone>{PHONE}</Phone></xml>"
    return st.sampled_from([path.read_text().replace("</xml>", marked).encode() for path in EVENTS])


def messages() -> st.SearchStrategy[bytes]:
    """Return messages that no honest platform sends."""
    names = ["MsgType", "Event", "ChangeType", "FromUserName", "ExternalUserID", "UserID", "CreateTime", "MsgId"]
    kinds = ["event", "text", "change_external_contact", "add_external_contact", "subscribe", "del_follow_user"]
    named = st.dictionaries(st.sampled_from(names), LEAVES | st.sampled_from(kinds), max_size=9)
    fields = st.builds(lambda keys, rest: {**keys, "Content": rest, "Remark": [rest]}, named, VALUES)
    bombs = st.sampled_from([bomb.encode("utf-8", "surrogatepass") for bomb in BOMBS])
    return st.one_of(damaged(events()), fields.map(written), bombs, st.binary(max_size=60), events())


@st.composite
def tampered(draw: st.DrawFn, now: datetime) -> Callback:
    """Change a true callback's body or query, where it counts or where it does not."""
    callback = sealed(draw(events()), now)
    if draw(st.booleans()):
        return replace(callback, body=draw(damaged(st.just(callback.body))))
    name = draw(st.sampled_from(["msg_signature", "timestamp", "nonce"]))
    return replace(callback, query={**callback.query, name: draw(st.text(max_size=40))}, is_forged=True)


@st.composite
def misencrypted(draw: st.DrawFn, now: datetime) -> Callback:
    """Sign what was not encrypted as it should be: no blocks, bad padding, a length that lies, another addressee."""
    message = draw(st.binary(max_size=80))
    length = draw(st.sampled_from([len(message) + 1, len(message) + 33, 2**31, 2**32 - 1]))
    plain = draw(
        st.sampled_from(
            [
                RANDOM + struct.pack(">I", length) + message + MAIN.corp_id.encode(),
                RANDOM + struct.pack(">I", len(message)) + message + b"wwother",
                RANDOM[:10],
            ]
        )
    )
    blocks = draw(st.binary(min_size=16, max_size=16)) * draw(st.integers(1, 5)) + bytes([draw(st.integers(33, 255))])
    texts = [encrypted(pad(plain)), encrypted(blocks.rjust((len(blocks) // 16 + 1) * 16, b"\0")), "AAAA", "=", "é"]
    return signed(draw(st.sampled_from(texts)), now)


def callbacks(now: datetime) -> st.SearchStrategy[Callback]:
    """Return all of these."""
    good = messages().map(lambda message: sealed(message, now))
    return st.one_of(NOISE, tampered(now), misencrypted(now), good)
