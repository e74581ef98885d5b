"""Putting bookings together into transactions: a few invocations and the lines that they touch, all or nothing."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import islice

from chalicelib.domain.pricing.entries import Address, Entries, summed
from chalicelib.domain.pricing.invocation import Invocation

ROOM = 100  # rows in one transaction of DynamoDB


@dataclass(frozen=True)
class Booking:
    """An invocation that was read at a version (0: it was not there), and the entries to be made for it."""

    request_id: str
    version: int
    invocation: Invocation
    entries: Entries

    @property
    def after(self) -> Invocation:
        """The invocation once they are made."""
        return self.invocation.booking(self.entries)

    def cut(self, room: int) -> "Booking":
        """Return as much of it as fits beside its own row; the rest is missing still, and booked by the next try."""
        kept = dict(islice(sorted(self.entries.items(), key=lambda item: item[0]), room - 1))
        return Booking(self.request_id, self.version, self.invocation, kept)


@dataclass(frozen=True)
class Transaction:
    """Bookings that are made together."""

    bookings: tuple[Booking, ...]

    @cached_property
    def entries(self) -> Entries:
        """What is added to each line."""
        return summed(booking.entries for booking in self.bookings)


def packed(bookings: Iterable[Booking], room: int = ROOM) -> Iterator[Transaction]:
    """Yield transactions of at most `room` rows, in the order given. A booking that is too large for one is cut."""
    together: list[Booking] = []
    touched: set[Address] = set()
    for booking in bookings:
        fitting = booking.cut(room)
        if together and len(together) + 1 + len(touched | fitting.entries.keys()) > room:
            yield Transaction(tuple(together))
            together, touched = [], set()
        together.append(fitting)
        touched |= fitting.entries.keys()
    if together:
        yield Transaction(tuple(together))
