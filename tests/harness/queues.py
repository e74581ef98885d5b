"""All queues of a stack, as SQS's API shows them."""

import hashlib
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from tests.harness.delivery import Delivery
from tests.harness.limits import NotImitatedError
from tests.harness.queue import Message, Queue
from tests.harness.remote import AwsError, Json
from tests.harness.stack import QueueSettings

LONGEST_DELAY = 900
LARGEST = 256 * 1024  # bytes; more is allowed in some regions only
BATCH = 10
Params = Mapping[str, Any]


class Queues:
    """Queues by URL and by ARN. Its verbs take and give what botocore's client takes and gives."""

    def __init__(self, settings: Iterable[QueueSettings], now: Callable[[], datetime], delivery: Delivery) -> None:
        queues = [Queue(each, now, delivery) for each in settings]
        self.by_url = {queue.settings.url: queue for queue in queues}
        self.by_arn = {queue.settings.arn: queue for queue in queues}
        self.now = now
        for queue in queues:
            queue.failures = self.by_arn[queue.settings.redrive_to] if queue.settings.redrive_to else None
            if queue.failures and queue.failures.settings.fifo != queue.settings.fifo:
                raise ValueError(f"{queue.settings.name} and its failure queue must be of one type")

    def answer(self, operation: str, params: Params) -> Json:
        """Do an operation. Raises NotImitatedError for one that is not imitated, AwsError for one that SQS refuses."""
        verbs: dict[str, Callable[[Params], Json]] = {
            "SendMessage": self.send,
            "SendMessageBatch": self.send_batch,
            "ReceiveMessage": self.receive,
            "DeleteMessage": self.delete,
            "DeleteMessageBatch": self.delete_batch,
            "GetQueueUrl": self.url,
            "ChangeMessageVisibility": self.change_visibility,
            "GetQueueAttributes": self.attributes,
        }
        if operation not in verbs:
            raise NotImitatedError(f"sqs {operation} is not imitated")
        return verbs[operation](params)

    def send(self, params: Params) -> Json:
        """SendMessage."""
        queue = self.find(params)
        check(queue.settings, params)
        dedup = params.get("MessageDeduplicationId") or hashlib.sha256(params["MessageBody"].encode()).hexdigest()
        group = params.get("MessageGroupId", "")
        message = queue.send(params["MessageBody"], params.get("DelaySeconds"), group, dedup)
        message.attributes = dict(params.get("MessageAttributes", {}))
        return {"MessageId": message.id, "MD5OfMessageBody": md5(message.body)}

    def send_batch(self, params: Params) -> Json:
        """SendMessageBatch: each entry succeeds or fails by itself."""
        done: Json = {"Successful": [], "Failed": []}
        if not 1 <= len(params["Entries"]) <= BATCH:
            raise AwsError("AWS.SimpleQueueService.TooManyEntriesInBatchRequest", "1 to 10 entries")
        for entry in params["Entries"]:
            try:
                sent = self.send({**entry, "QueueUrl": params["QueueUrl"]})
                done["Successful"].append({"Id": entry["Id"], **sent})
            except AwsError as error:
                failed = {"Id": entry["Id"], "SenderFault": True, **error.parsed["Error"]}
                done["Failed"].append(failed)
        return done

    def receive(self, params: Params) -> Json:
        """ReceiveMessage; never waits."""
        queue = self.find(params)
        messages = queue.receive(params.get("MaxNumberOfMessages", 1), params.get("VisibilityTimeout"))
        return {"Messages": [shown(message) for message in messages]}

    def delete(self, params: Params) -> Json:
        """DeleteMessage."""
        if message := self.by_receipt(params):
            self.find(params).remove(message)
        return {}

    def delete_batch(self, params: Params) -> Json:
        """DeleteMessageBatch."""
        for entry in params["Entries"]:
            self.delete({**entry, "QueueUrl": params["QueueUrl"]})
        return {"Successful": [{"Id": entry["Id"]} for entry in params["Entries"]], "Failed": []}

    def change_visibility(self, params: Params) -> Json:
        """ChangeMessageVisibility."""
        if message := self.by_receipt(params):
            self.find(params).show(message, self.now() + timedelta(seconds=params["VisibilityTimeout"]))
        return {}

    def url(self, params: Params) -> Json:
        """GetQueueUrl."""
        found = [url for url in self.by_url if url.endswith(f"/{params['QueueName']}")]
        if not found:
            raise AwsError("AWS.SimpleQueueService.NonExistentQueue", "The specified queue does not exist.")
        return {"QueueUrl": found[0]}

    def attributes(self, params: Params) -> Json:
        """GetQueueAttributes: how many messages there are, and the ARN."""
        queue = self.find(params)
        visible = sum(message.visible_at <= self.now() for message in queue.messages.values())
        in_flight = sum(message.visible_at > self.now() and message.receives > 0 for message in queue.messages.values())
        return {
            "Attributes": {
                "QueueArn": queue.settings.arn,
                "ApproximateNumberOfMessages": str(visible),
                "ApproximateNumberOfMessagesNotVisible": str(in_flight),
                "ApproximateNumberOfMessagesDelayed": str(len(queue.messages) - visible - in_flight),
            }
        }

    def find(self, params: Params) -> Queue:
        """Return the queue that a request names."""
        if params["QueueUrl"] not in self.by_url:
            raise AwsError("AWS.SimpleQueueService.NonExistentQueue", "The specified queue does not exist.")
        return self.by_url[params["QueueUrl"]]

    def by_receipt(self, params: Params) -> Message | None:
        """Return the message that a receipt handle belongs to, None once it is deleted."""
        return self.find(params).messages.get(params["ReceiptHandle"].partition(":")[0])

    def put(self, arn: str, body: str, parameters: Params) -> None:
        """Take a message from another service: a schedule's input, a stream's failure."""
        more = {"MessageGroupId": parameters["MessageGroupId"]} if "MessageGroupId" in parameters else {}
        self.send({"QueueUrl": self.by_arn[arn].settings.url, "MessageBody": body, **more})


def check(queue: QueueSettings, params: Params) -> None:
    """Refuse what SQS refuses."""
    delay = params.get("DelaySeconds", 0)
    refuse(not 0 <= delay <= LONGEST_DELAY, "DelaySeconds must be >= 0 and <= 900")
    refuse(not 0 < len(params["MessageBody"].encode()) <= LARGEST, "the body must have 1 byte to 256 KB")
    has_dedup = "MessageDeduplicationId" in params
    if queue.fifo:
        refuse(bool(delay), "a message of a FIFO queue has no delay of its own")
        refuse("MessageGroupId" not in params, "a message of a FIFO queue needs a MessageGroupId")
        refuse(not has_dedup and not queue.content_dedup, "the queue needs a MessageDeduplicationId")
    else:
        refuse(has_dedup, "MessageDeduplicationId is for FIFO queues")


def refuse(is_wrong: bool, message: str) -> None:
    """Answer a wrong request as SQS does."""
    if is_wrong:
        raise AwsError("InvalidParameterValue", message)


def shown(message: Message) -> Json:
    """Return a message as ReceiveMessage shows it."""
    return {
        "MessageId": message.id,
        "ReceiptHandle": message.receipt,
        "Body": message.body,
        "MD5OfBody": md5(message.body),
        "Attributes": system_attributes(message),
        "MessageAttributes": message.attributes,
    }


def system_attributes(message: Message) -> dict[str, str]:
    """Return what SQS itself says of a message; times are milliseconds."""
    first = message.first_received_at or message.sent_at
    attributes = {
        "ApproximateReceiveCount": str(message.receives),
        "SentTimestamp": millis(message.sent_at),
        "SenderId": "AIDAHARNESS",
        "ApproximateFirstReceiveTimestamp": millis(first),
    }
    if message.group:
        attributes |= {"MessageGroupId": message.group, "MessageDeduplicationId": message.dedup}
        attributes["SequenceNumber"] = str(10**19 + message.number)
    return attributes


def millis(moment: datetime) -> str:
    """Return an instant in milliseconds."""
    return str(int(moment.timestamp() * 1000))


def md5(text: str) -> str:
    """Return the checksum that SQS gives."""
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()
