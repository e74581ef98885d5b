"""Raw log lines, and the batches in which a subscription delivers them."""

import base64
import gzip
import json
from collections import defaultdict
from collections.abc import Iterable, Iterator
from random import Random
from typing import Any, NamedTuple

STACK = "chaoxi-test"


class Line(NamedTuple):
    """A line of a log: of which function, in which stream, when (milliseconds since 1970), and what it says."""

    function: str
    stream: str
    at: int
    message: str

    @property
    def group(self) -> str:
        return f"/aws/lambda/{STACK}-{self.function}-A1B2C3"


def event_of(lines: list[Line]) -> dict[str, Any]:
    """Return the event of a batch: lines of one stream."""
    content = {
        "messageType": "DATA_MESSAGE",
        "owner": "123456789012",
        "logGroup": lines[0].group,
        "logStream": lines[0].stream,
        "subscriptionFilters": ["usage"],
        "logEvents": [
            {"id": str(number), "timestamp": line.at, "message": line.message} for number, line in enumerate(lines)
        ],
    }
    return {"awslogs": {"data": base64.b64encode(gzip.compress(json.dumps(content).encode(), 1, mtime=0)).decode()}}


def deliveries(lines: Iterable[Line], dice: Random, most: int = 40) -> Iterator[list[Line]]:
    """Yield the batches of a subscription: each stream's lines cut anywhere, some batches twice, out of order."""
    streams: dict[tuple[str, str], list[Line]] = defaultdict(list)
    for line in lines:
        streams[line.function, line.stream].append(line)
    batches = [batch for stream in streams.values() for batch in cut(stream, dice, most)]
    batches += [batch for batch in batches if dice.random() < 0.08]
    dice.shuffle(batches)
    yield from batches


def cut(lines: list[Line], dice: Random, most: int) -> Iterator[list[Line]]:
    """Yield a stream's lines in batches of any size."""
    while lines:
        size = dice.randint(1, most)
        yield lines[:size]
        lines = lines[size:]
