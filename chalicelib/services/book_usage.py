"""Booking what functions used: usage lines and reports become lines of the ledger, each invocation once.

Nothing is written but whole transactions, and what is written depends on what was seen and not on when. So the batch
may be cut anywhere, come twice or out of order, and whoever died at it may begin anew.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from chalicelib.config import settings
from chalicelib.domain.pricing.booking import Terms
from chalicelib.domain.pricing.entries import Address
from chalicelib.domain.pricing.facts import Report, Usage
from chalicelib.domain.pricing.invocation import Invocation
from chalicelib.domain.pricing.packing import ROOM, Booking, Transaction, packed
from chalicelib.domain.pricing.pairing import paired
from chalicelib.domain.pricing.shelf import Shelf
from chalicelib.errors import ConflictError, TransientError
from chalicelib.models import ledger
from chalicelib.models.ledger import Known

TRIES = 8
AT_ONCE = 100
Facts = Mapping[str, list[Usage | Report]]


@dataclass(frozen=True)
class Booked:
    """What came of it: the rows that have the numbers, and how many invocations were written.

    Those without a usage line are `unattributed` when they timed out or crashed, `silent` when Lambda calls them a
    success.
    """

    touched: frozenset[Address] = frozenset()
    invocations: int = 0
    unattributed: int = 0
    silent: int = 0

    def __add__(self, other: "Booked") -> "Booked":
        return Booked(
            self.touched | other.touched,
            self.invocations + other.invocations,
            self.unattributed + other.unattributed,
            self.silent + other.silent,
        )


def book_usage(function: str, facts: Facts, shelf: Shelf) -> Booked:
    """Book what was seen of a function's invocations, by request id. Raises TransientError when others write them too.

    What was booked before stays, and is not booked again by the next try.
    """
    request_ids = sorted(facts)
    parts = [request_ids[start : start + AT_ONCE] for start in range(0, len(request_ids), AT_ONCE)]
    return sum((book_some(function, {each: facts[each] for each in part}, shelf) for part in parts), start=Booked())


def book_some(function: str, facts: Facts, shelf: Shelf) -> Booked:
    """Book so many invocations that they are read at once."""
    done, conflicts = Booked(), 0
    while conflicts < TRIES:
        known = ledger.fetch(facts)
        missing = list(missing_bookings(function, facts, known, shelf))
        done += Booked(frozenset(touched_before(known)))
        try:
            for transaction in packed(missing):
                ledger.write(transaction)
                done += outcome_of(transaction, known)
        except ConflictError:
            conflicts += 1
            continue
        if all(len(booking.entries) < ROOM for booking in missing):
            return done
    raise TransientError(f"others write the same lines: {len(facts)} invocations of {function} are not booked whole")


def touched_before(known: Mapping[str, Known]) -> Iterator[Address]:
    """Yield what was booked before: who died after it has told nobody."""
    yield from (Address.read(place) for each in known.values() for place in each.invocation.booked)


def missing_bookings(function: str, facts: Facts, known: Mapping[str, Known], shelf: Shelf) -> Iterator[Booking]:
    """Yield what has to be written, given what is there."""
    for request_id, seen in facts.items():
        before = known.get(request_id, Known(Invocation(function=function), 0))
        invocation = under_a_book(before.invocation.seeing(seen), shelf)
        entries = invocation.missing(terms_of(invocation, shelf))
        if entries or invocation != before.invocation:
            yield Booking(request_id, before.version, invocation, entries)


def under_a_book(invocation: Invocation, shelf: Shelf) -> Invocation:
    """Choose the book when there is something to price; later facts are priced by the same one."""
    if invocation.book or not invocation.reports:
        return invocation
    day = datetime.fromtimestamp(min(report.at for report in invocation.reports) / 1000, UTC).date()
    return invocation.model_copy(update={"book": shelf.on(day).version})


def terms_of(invocation: Invocation, shelf: Shelf) -> Terms | None:
    """Return the terms of an invocation; None while there is nothing to price."""
    return Terms(shelf.version(invocation.book), settings().architecture) if invocation.book else None


def outcome_of(transaction: Transaction, known: Mapping[str, Known]) -> Booked:
    """Return what a transaction did."""
    lone = [report for booking in transaction.bookings for report in new_and_alone(booking, known)]
    silent = sum(report.status == "success" for report in lone)
    return Booked(frozenset(transaction.entries), len(transaction.bookings), len(lone) - silent, silent)


def new_and_alone(booking: Booking, known: Mapping[str, Known]) -> Iterator[Report]:
    """Yield the reports that were not known before and have no usage line yet."""
    before = known[booking.request_id].invocation.reports if booking.version else ()
    for report, usage in paired(booking.invocation.usages, booking.invocation.reports):
        if usage is None and report not in before:
            yield report
