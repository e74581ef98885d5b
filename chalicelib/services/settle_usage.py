"""Settling: the logs are read as they lie there, and what the ledger does not have is booked.

It brings in what no subscription does, such as Book's own log, and repairs what one has lost. Booking is exactly once
whoever does it, so settling twice, or while Book is at work, changes nothing.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from chalicelib.config import stack_name
from chalicelib.gateways import logs
from chalicelib.schemas.logs.delivery import LogEvent, function_of
from chalicelib.schemas.logs.reading import Unreadable, read_lines
from chalicelib.services.book_usage import book_usage
from chalicelib.services.read_price_books import shelf

AT_ONCE = 500
Line = tuple[str, LogEvent]


@dataclass(frozen=True)
class Settled:
    """What a part of a log came to.

    `invocations` are those that it tells of, `booked` those of them that were not booked so before, `unreadable` the
    lines that look like ours and cannot be read.
    """

    invocations: int
    booked: int
    unreadable: tuple[Unreadable, ...]


def settle_usage(function: str, since: datetime, until: datetime, now: datetime) -> Iterator[Settled]:
    """Book what a function's log says from `since` until before `until`, part by part.

    Raises TransientError as booking does.
    """
    for group in logs.groups_of(f"/aws/lambda/{stack_name()}-{function}"):
        if function_of(group, stack_name()) == function:
            for part in parts_of(lines_of(group, since, until)):
                yield settle_lines(function, part, now)


def settle_lines(function: str, part: list[Line], now: datetime) -> Settled:
    """Book some lines."""
    lines = read_lines(part)
    booked = book_usage(function, lines.facts, shelf(now))
    return Settled(len(lines.facts), booked.invocations, tuple(lines.unreadable))


def lines_of(group: str, since: datetime, until: datetime) -> Iterator[Line]:
    """Yield the lines of a log group, each with its stream."""
    for stream, at, message in logs.events_of(group, since, until):
        yield stream, LogEvent(timestamp=at, message=message)


def parts_of(lines: Iterable[Line]) -> Iterator[list[Line]]:
    """Yield the lines in parts."""
    rest = iter(lines)
    while part := list(islice(rest, AT_ONCE)):
        yield part
