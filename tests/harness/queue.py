"""One SQS queue: delays, visibility, receive counts, redrive, and first-in-first-out groups.

An implementation of its own: moto forgets a deduplication id with its message, compares visibility strictly, looks
through every message at each receive, and cannot say when its next message is due.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from heapq import heappop, heappush

from tests.harness.delivery import Delivery
from tests.harness.stack import QueueSettings

DEDUP_INTERVAL = timedelta(minutes=5)


@dataclass(eq=False)
class Message:
    """A message. `visible_at` is when it may be received; `receives` counts how often it was."""

    number: int
    body: str
    sent_at: datetime
    visible_at: datetime
    group: str = ""
    dedup: str = ""
    attributes: dict[str, object] = field(default_factory=dict)
    receives: int = 0
    first_received_at: datetime | None = None
    is_repeated: bool = False

    @property
    def id(self) -> str:
        """The message id: the same in every run of a test."""
        return f"00000000-0000-4000-8000-{self.number:012d}"

    @property
    def receipt(self) -> str:
        """The handle of its last receipt."""
        return f"{self.id}:{self.receives}"


class Queue:
    """A queue, and `failures` where its messages go after too many receipts."""

    def __init__(self, settings: QueueSettings, now: Callable[[], datetime], delivery: Delivery) -> None:
        self.settings = settings
        self.now = now
        self.delivery = delivery
        self.failures: Queue | None = None
        self.messages: dict[str, Message] = {}
        self.groups: dict[str, list[Message]] = {}
        self.agenda: list[tuple[datetime, int, Message]] = []
        self.ready: dict[str, Message] = {}
        self.accepted: dict[str, tuple[datetime, Message]] = {}
        self.sent = 0

    def send(self, body: str, delay: int | None = None, group: str = "", dedup: str = "") -> Message:
        """Take a message; within five minutes of the first, one with its deduplication id is the first."""
        key = f"{group}/{dedup}" if self.settings.dedup_by_group else dedup
        if self.settings.fifo and (known := self.accepted.get(key)) and self.now() - known[0] < DEDUP_INTERVAL:
            return known[1]
        self.sent += 1
        seconds = self.settings.delay if delay is None else delay
        message = Message(self.sent, body, self.now(), self.now() + timedelta(seconds=seconds), group, dedup)
        if self.settings.fifo:
            self.accepted[key] = (self.now(), message)
        self.add(message)
        return message

    def add(self, message: Message) -> None:
        """Hold a message."""
        self.messages[message.id] = message
        if self.settings.fifo:
            self.groups.setdefault(message.group, []).append(message)
        self.show(message, message.visible_at)

    def show(self, message: Message, at: datetime) -> None:
        """Make a message visible from an instant on."""
        message.visible_at = at
        self.ready.pop(message.id, None)
        heappush(self.agenda, (at, message.number, message))

    def receive(self, most: int, visibility: int | None = None) -> list[Message]:
        """Take up to `most` messages; they stay invisible for the queue's visibility timeout, or another."""
        self.wake()
        found: list[Message] = []
        for message in self.candidates():
            if len(found) == most:
                break
            if not self.is_hopeless(message):
                found.append(message)
        seconds = self.settings.visibility if visibility is None else visibility
        for message in found:
            message.receives += 1
            message.first_received_at = message.first_received_at or self.now()
            self.show(message, self.now() + timedelta(seconds=seconds))
        return found

    def wake(self) -> None:
        """Move what has become visible to `ready`."""
        while self.agenda and self.agenda[0][0] <= self.now():
            entry = heappop(self.agenda)
            if self.stands(*entry):
                self.ready[entry[2].id] = entry[2]

    def candidates(self) -> list[Message]:
        """Return what may be received now: of a group only its head, and what follows it without a gap."""
        if not self.settings.fifo:
            return self.delivery.order(self.ready.values())
        groups = self.delivery.order(dict.fromkeys(message.group for message in self.ready.values()))
        return [message for group in groups for message in self.head_of(group)]

    def head_of(self, group: str) -> list[Message]:
        """Return the first messages of a group, up to one that is not visible; a message in flight blocks the rest."""
        found = []
        for message in self.groups[group]:
            if message.visible_at > self.now():
                break
            found.append(message)
        return found

    def is_hopeless(self, message: Message) -> bool:
        """Move a message that was received often enough to the failure queue."""
        if not self.failures or message.receives < self.settings.max_receives:
            return False
        self.remove(message)
        self.failures.take_over(message)
        return True

    def take_over(self, message: Message) -> None:
        """Hold another queue's message, as a failure queue does."""
        self.sent += 1
        self.add(Message(self.sent, message.body, self.now(), self.now(), message.group, message.dedup))

    def is_ready(self) -> bool:
        """Whether a receive would find something, or move something to the failure queue."""
        self.wake()
        if not self.settings.fifo:
            return bool(self.ready)
        return any(self.head_of(group) for group in {message.group for message in self.ready.values()})

    def next_moment(self) -> datetime | None:
        """Return when the next message becomes visible."""
        while self.agenda and not self.stands(*self.agenda[0]):
            heappop(self.agenda)
        return self.agenda[0][0] if self.agenda else None

    def stands(self, at: datetime, _number: int, message: Message) -> bool:
        """Whether an entry of the agenda still tells the truth."""
        return message.visible_at == at and message.id in self.messages

    def remove(self, message: Message) -> None:
        """Delete a message."""
        del self.messages[message.id]
        self.ready.pop(message.id, None)
        if self.settings.fifo:
            self.groups[message.group].remove(message)
