"""What arrives at the tracking API, from noise to calls by an integrator whose key is good and whose code is not."""

import gzip
import json
from base64 import b64encode
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

from tests.integration.security.front import PHONE, WORDS
from tests.integration.security.hostile import BOMBS, GZIPS, RAW, VALUES, damaged, written

EVENTS = Path(__file__).parents[2] / "events" / "tracking"
KINDS = ("track", "identify", "page", "group", "alias", "batch")
GOOD: dict[str, Any] = {kind: json.loads((EVENTS / f"{kind}.json").read_text()) for kind in KINDS}
FIELDS = sorted({name for message in GOOD.values() for name in message} | {"type", "originalTimestamp", "writeKey"})
TYPES = st.sampled_from(["application/json", "text/plain", "application/xml", "application/x-www-form-urlencoded", "x"])
MARKED = {
    "properties": {"note": WORDS, "phone": PHONE},
    "traits": {"phone": PHONE},
    "context": {"externalIds": [{"id": PHONE, "type": "phone"}], "traits": {"note": WORDS}},
}


@dataclass(frozen=True)
class Call:
    """A request to `/v1/{kind}`; without `is_known`, with a key that is nobody's."""

    kind: str
    body: bytes
    headers: dict[str, str] = field(default_factory=dict)
    is_known: bool = True


def with_key(call: Call, key: str) -> dict[str, str]:
    """Return a call's headers, with the key where the caller knows it."""
    known = {"Authorization": "Basic " + b64encode(f"{key}:".encode()).decode()}
    return {**call.headers, **(known if call.is_known else {})}


@st.composite
def messages(draw: st.DrawFn) -> dict[str, Any]:
    """Return a message that was good before some of its fields were replaced."""
    good = {**GOOD[draw(st.sampled_from(KINDS[:-1]))], **MARKED, "timestamp": None, "originalTimestamp": None}
    return {**good, **draw(st.dictionaries(st.sampled_from(FIELDS), VALUES, max_size=3))}


@st.composite
def batches(draw: st.DrawFn) -> dict[str, Any]:
    """Return a batch of such messages, of anything, or of batches."""
    inner = st.one_of(messages(), VALUES, messages().map(lambda message: {"type": "batch", "batch": [message]}))
    extra = draw(st.dictionaries(st.sampled_from(["context", "batch", "sentAt", "writeKey"]), VALUES, max_size=1))
    return {"batch": draw(st.lists(inner, max_size=3)), **extra}


def bodies() -> st.SearchStrategy[bytes]:
    """Return bodies of every sort."""
    whole = st.one_of(messages(), batches()).map(written)
    bombs = [bomb.encode("utf-8", "surrogatepass") for bomb in BOMBS]
    stuffed = [b"", b"\xff\xfe\x00", b"\xed\xa0\x80", *(raw.encode() for raw in RAW.values()), *bombs, *GZIPS]
    zipped = whole.map(lambda body: gzip.compress(body, 1, mtime=0))
    return st.one_of(whole, damaged(whole), zipped, damaged(zipped), st.sampled_from(stuffed), st.binary(max_size=100))


def calls() -> st.SearchStrategy[Call]:
    """Return calls by those who have a key and by those who have none."""
    guesses = st.sampled_from(["", "Basic", "Basic =", "Basic c2hvcC53cm9uZzo=", "Bearer x", "Basic é", "Basic 4pyT"])
    headers = st.fixed_dictionaries(
        {"Content-Type": TYPES}, optional={"Content-Encoding": st.sampled_from(["gzip", "br", "\t"])}
    )
    stranger = st.builds(lambda given, key: {**given, "Authorization": key}, headers, guesses)
    kinds = st.sampled_from(KINDS)
    known = st.builds(Call, kinds, bodies(), headers)
    return st.one_of(known, known, st.builds(Call, kinds, bodies(), stranger, st.just(False)))
