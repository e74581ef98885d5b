"""A failure queue: what lies there, what goes, what stays."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

HELD_SECONDS = 300
AT_ONCE = 10


@dataclass(frozen=True)
class Failed:
    """A message of a failure queue."""

    message_id: str
    receipt_handle: str
    body: str


@dataclass(frozen=True)
class FailureQueue:
    """A failure queue by its URL. Nobody reads it but the operator."""

    sqs: Any
    url: str

    def count(self) -> int:
        """Return about how many messages wait."""
        names = ["ApproximateNumberOfMessages"]
        found = self.sqs.get_queue_attributes(QueueUrl=self.url, AttributeNames=names)
        return int(found["Attributes"][names[0]])

    def messages(self, limit: int = 100_000) -> Iterator[Failed]:
        """Yield the messages, each once: for five minutes nobody else sees them. Ask only for what is worked on."""
        number = 0
        while number < limit:
            found = self.sqs.receive_message(
                QueueUrl=self.url,
                MaxNumberOfMessages=min(AT_ONCE, limit - number),
                VisibilityTimeout=HELD_SECONDS,
                WaitTimeSeconds=1,
            ).get("Messages", [])
            if not found:
                return
            for message in found:
                number += 1
                yield Failed(message["MessageId"], message["ReceiptHandle"], message["Body"])

    def drop(self, message: Failed) -> None:
        """Delete a message."""
        self.sqs.delete_message(QueueUrl=self.url, ReceiptHandle=message.receipt_handle)

    def give_back(self, messages: Iterable[Failed]) -> None:
        """Let messages be seen again at once."""
        for message in messages:
            self.sqs.change_message_visibility(
                QueueUrl=self.url, ReceiptHandle=message.receipt_handle, VisibilityTimeout=0
            )
