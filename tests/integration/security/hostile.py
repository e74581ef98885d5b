"""Values that no honest sender writes, and the JSON, XML and gzip that carry them."""

import gzip
import json
from typing import Any

from hypothesis import strategies as st

from tests.integration.security.front import PHONE, WORDS

# Each stands for JSON that json.dumps cannot write.
RAW = {
    "@no-number@": "NaN",
    "@infinity@": "-Infinity",
    "@overflow@": "1e999",
    "@long@": "9" * 5_000,
    "@wide@": "-1" + "0" * 400 + ".5",
    "@half@": '"\\ud800"',
    "@null-byte@": '"\\u0000"',
    "@deep-list@": "[" * 300 + "]" * 300,
    "@deeper-list@": "[" * 100_000,
    "@deep-object@": '{"a":' * 150 + "1" + "}" * 150,
    "@twice@": '{"a": 1, "a": 2}',
}
TEXTS = ["", " ", "a" * 257, "水" * 11_000, "\x00", "\u202e", "💥", "../../etc/passwd", "' OR 1=1 --", "{{7*7}}"]
NUMBERS = [0, -1, 2**31, 2**63, 2**64, 10**40, -0.0, 1e-320, 253402300800, -62135596801]
PLAIN: list[Any] = [*RAW, *TEXTS, *NUMBERS, None, True, 1.5]
LEAVES = st.sampled_from(PLAIN) | st.text(max_size=20)
# What people write and are called by, where no key is made of it.
MARKS: list[Any] = [PHONE, WORDS, {"note": WORDS, "phone": [PHONE]}, [{"id": PHONE, "type": "phone"}]]
NESTED: list[Any] = [[], {}, [[]], {"": {}}, *([each] for each in PLAIN), *({"id": each} for each in PLAIN)]
VALUES: st.SearchStrategy[Any] = st.sampled_from([*MARKS, *PLAIN, *NESTED])
ENTITIES = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">{}]><xml><A>&z;</A></xml>'.format(
    "".join(f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">' for n in range(25))
)
BOMBS = [
    ENTITIES,
    '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><xml><A>&a;</A></xml>',
    '<!DOCTYPE x SYSTEM "http://127.0.0.1:1/x.dtd"><xml><A>1</A></xml>',
    '<?xml version="1.0" encoding="utf-7"?><xml><A>+ADw-</A></xml>',
    '<?xml version="1.0" encoding="utf-16"?><xml><A>1</A></xml>',
    "<xml>" + "<a>" * 20_000,
    "<xml>" + "<a/>" * 6_000 + "</xml>",
    "<xml><A>" + "&#65;" * 70_000 + "</A></xml>",
    "<xml><A>&undefined;</A></xml>",
    "<xml><A>&#0;</A></xml>",
    "<xml xmlns:x='" + "y" * 10_000 + "'><x:A/></xml>",
    "<xml><![CDATA[" + WORDS,
    '{"a":' * 100 + "1" + "}" * 100,
    '{"a":' * 400 + "1" + "}" * 400,
    '{"a":' * 50_000,
    '{"CreateTime": 1e999, "MsgType": "event", "Event": "subscribe"}',
    '{"CreateTime": ' + "9" * 4_000 + "}",
    '{"a": NaN}',
    '{"a": "\\ud800"}',
]
# Twenty megabytes of nothing in twenty kilobytes, once and inside another; what is cut off; what is none.
BLANK = gzip.compress(b" " * 20_000_000, 9, mtime=0)
GZIPS = [
    BLANK,
    gzip.compress(BLANK, 9, mtime=0),
    gzip.compress(b"{}" * 300_000, mtime=0),
    gzip.compress(b'{"event": "Read"}', mtime=0)[:-4],
    gzip.compress(b"{}", mtime=0) * 3,
    b"\x1f\x8b",
    b"\x1f\x8b\x08\x1c" + b"\xff" * 5_000,
    b"PK\x03\x04" + b"\x00" * 30,
]


def written(value: Any) -> bytes:
    """Return JSON in which each name of RAW, as a value, has become what it stands for."""
    text = json.dumps(value)
    for name, raw in RAW.items():
        text = text.replace(f'"{name}"', raw)
    return text.encode()


@st.composite
def damaged(draw: st.DrawFn, whole: st.SearchStrategy[bytes]) -> bytes:
    """Cut bytes off, put others in, or change one."""
    data = draw(whole)
    start = draw(st.integers(0, len(data)))
    end = draw(st.integers(start, min(len(data), start + 30)))
    return data[:start] + draw(st.binary(max_size=8)) + (data[end:] if draw(st.booleans()) else b"")
