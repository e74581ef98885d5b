"""Reading many lines: what they say by request id, and which of them look like ours and cannot be read."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from chalicelib.domain.pricing.facts import Report, Usage
from chalicelib.schemas.logs.delivery import LogEvent
from chalicelib.schemas.logs.line import BrokenLineError, sighting_in


@dataclass(frozen=True)
class Unreadable:
    """A line that looks like ours: where it stands, and what is wrong with it."""

    stream: str
    at: int
    reason: str


@dataclass
class Lines:
    """What was read. Lines of other programs are in neither."""

    facts: dict[str, list[Usage | Report]] = field(default_factory=dict)
    unreadable: list[Unreadable] = field(default_factory=list)


def read_lines(lines: Iterable[tuple[str, LogEvent]]) -> Lines:
    """Read lines, each with the log stream that it stands in."""
    read = Lines()
    for stream, event in lines:
        try:
            sighting = sighting_in(event, stream)
        except BrokenLineError as error:
            read.unreadable.append(Unreadable(stream, event.timestamp, str(error)))
            continue
        if sighting:
            read.facts.setdefault(sighting.request_id, []).append(sighting.fact)
    return read
