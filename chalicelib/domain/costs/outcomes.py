"""What costs bought: customers reached, pushes delivered, replies, goals. Each is told exactly, from stored rows."""

from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Literal

from chalicelib.domain.costs.grouping import Keys
from chalicelib.domain.pricing.line import SHARED_NAME
from chalicelib.metering.keys import DIMENSIONS, Key

Outcome = Literal["reached", "delivered", "reply", "goal"]
OUTCOMES: tuple[Outcome, ...] = ("reached", "delivered", "reply", "goal")
REPLIES = ("Message Received", "oa.message")
WITHIN = timedelta(hours=72)
KEYS = ("day", *DIMENSIONS)


@dataclass(frozen=True)
class Event:
    """Something that happened to a customer in a run, on whose behalf it counts. A welcome's run is ''."""

    customer: str
    run: str
    at: datetime
    key: Key

    def keys(self, by: Keys) -> Keys:
        """Return the row that it counts in, as costs are asked by."""
        known = {**dict(self.key), "day": self.at.astimezone(UTC).date().isoformat()}
        return tuple(known.get(name, SHARED_NAME) for name in by)

    def is_among(self, only: Mapping[str, frozenset[str]]) -> bool:
        """Whether it has one of the values that are wanted, by key."""
        return all(self.keys((name,))[0] in wanted for name, wanted in only.items())


def replies(deliveries: Iterable[Event], messages: Iterable[tuple[str, datetime]]) -> Iterator[Event]:
    """Yield a reply for each delivery that was answered, at its first answer.

    A message (customer, instant) answers the last delivery to that customer before it, of whatever journey, if that
    is at most 72 hours ago. Several messages after one delivery are one reply.
    """
    received: defaultdict[str, list[Event]] = defaultdict(list)
    for delivery in deliveries:
        received[delivery.customer].append(delivery)
    for events in received.values():
        events.sort(key=lambda event: event.at)
    answers: dict[Event, datetime] = {}
    for customer, at in messages:
        last = last_before(received.get(customer, []), at)
        if last and at - last.at <= WITHIN:
            answers[last] = min(at, answers.get(last, at))
    yield from (Event(one.customer, one.run, at, one.key) for one, at in answers.items())


def last_before(events: list[Event], at: datetime) -> Event | None:
    """Return the last of some events, which are in order, that is not after an instant."""
    place = bisect_right(events, at, key=lambda event: event.at)
    return events[place - 1] if place else None


def credited(goal: Event, delivery: Event | None) -> Event:
    """Return a goal with the stage, step, content, account and staff of the last push of its run before it."""
    return Event(goal.customer, goal.run, goal.at, delivery.key) if delivery else goal


def counted(events: Mapping[Outcome, Iterable[Event]], outcome: Outcome, by: Keys) -> dict[Keys, int]:
    """Return how often an outcome came about, by row.

    A customer is reached once in a row, however many pushes arrive; so the rows of `reached` may add up to more than
    the customers of them all, who are told by `by=()`.
    """
    if outcome == "reached":
        return Counter(keys for keys, _ in {(event.keys(by), event.customer) for event in events["delivered"]})
    return Counter(event.keys(by) for event in events[outcome])
