"""An event source mapping on a queue."""

from collections.abc import Callable
from datetime import datetime

from tests.harness.delivery import Delivery
from tests.harness.invocation import Invocation
from tests.harness.queue import Message, Queue
from tests.harness.queues import md5, system_attributes
from tests.harness.remote import Json
from tests.harness.stack import REGION, Trigger


class QueueConsumer:
    """Delivers a queue's messages to one function. What the function does not get done stays invisible for its time."""

    def __init__(
        self,
        trigger: Trigger,
        queue: Queue,
        now: Callable[[], datetime],
        delivery: Delivery,
        invoke: Callable[[str, Json], Invocation],
    ) -> None:
        self.trigger = trigger
        self.queue = queue
        self.now = now
        self.delivery = delivery
        self.invoke = invoke

    def next_moment(self) -> datetime | None:
        """Return when there is something to deliver."""
        return self.now() if self.queue.is_ready() else self.queue.next_moment()

    def step(self) -> None:
        """Deliver one batch."""
        messages = self.queue.receive(self.delivery.cut(self.trigger.batch_size))
        if not messages:
            return
        event = {"Records": [self.record(message) for message in messages]}
        failed = self.failed_of(messages, self.invoke(self.trigger.function, event))
        for message in messages:
            if message.id not in failed and message.id in self.queue.messages:
                self.settle(message)

    def settle(self, message: Message) -> None:
        """Delete a message, or deliver it once more: a delete may be lost, and SQS may have kept a copy."""
        if self.delivery.duplicates and not message.is_repeated:
            message.is_repeated = True
            message.receives -= 1
            self.queue.show(message, self.now())
        else:
            self.queue.remove(message)

    def failed_of(self, messages: list[Message], invocation: Invocation) -> set[str]:
        """Return the ids of the messages that come back."""
        everything = {message.id for message in messages}
        if invocation.outcome in ("failed", "crashed"):
            return everything
        if not self.trigger.report:
            return set()
        failures = invocation.failures
        return set(failures) if failures is not None and set(failures) <= everything else everything

    def record(self, message: Message) -> Json:
        """Return a message as Lambda shows it."""
        return {
            "messageId": message.id,
            "receiptHandle": message.receipt,
            "body": message.body,
            "attributes": system_attributes(message),
            "messageAttributes": message.attributes,
            "md5OfBody": md5(message.body),
            "eventSource": "aws:sqs",
            "eventSourceARN": self.queue.settings.arn,
            "awsRegion": REGION,
        }
