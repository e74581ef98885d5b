"""How records are taken one by one, and what becomes of one that fails.

Trouble that may pass (another writer, throttling, the network) brings the record back: it is reported as the batch's
failure, or raised where the platform ignores such reports. Everything else would fail for ever: the record is set
aside with its images and the reason, and the rest goes on.
"""

import json
import time
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError
from pynamodb.exceptions import PynamoDBException

from chalicelib import metering
from chalicelib.config import settings
from chalicelib.errors import ConflictError, PermanentError, TransientError
from chalicelib.gateways import queues
from chalicelib.models.row import code_of
from chalicelib.observability import count, logger

Record = dict[str, Any]
Batch = dict[str, list[dict[str, str]]]
CONFLICTS = 2
BREATH_SECONDS = 5.0  # a stream brings a batch back at once, and eight times: throttling would outlast all of them
HOPELESS = ("ValidationException", "ItemCollectionSizeLimitExceededException", "InvalidParameterValue")


def take_stream(event: dict[str, Any], one: Callable[[Record], None]) -> Batch:
    """Take a stream's records in order, up to the first that must come back."""
    for record in event["Records"]:
        if trouble := trouble_with(record, one):
            return come_back(trouble, record["dynamodb"]["SequenceNumber"], event["Records"])
    return answer(())


def take_queue(event: dict[str, Any], one: Callable[[Record], None]) -> Batch:
    """Take each message of a queue by itself; `one` gets its parsed body."""
    records: list[Record] = event["Records"]
    tries = max((times_received(record) for record in records), default=1)  # a function is warmed up without any
    if tries > 1 and len(records) > 1:
        return take_warily(records[::-1] if tries % 2 else records, one)
    return answer(record["messageId"] for record in records if trouble_with(record, by_body(one)))


def take_warily(records: Iterable[Record], one: Callable[[Record], None]) -> Batch:
    """Take messages that were here before, perhaps with one among them that kills the function.

    A queue does not halve its batches, so each message is deleted as soon as it is done, and every other time they are
    taken from the end: after two more tries only the culprit is left.
    """

    def finish(record: Record) -> None:
        by_body(one)(record)
        queues.delete(record["eventSourceARN"], record["receiptHandle"])

    return answer(record["messageId"] for record in records if trouble_with(record, finish))


def times_received(record: Record) -> int:
    """Return how often a message was received, this time included."""
    return int(record.get("attributes", {}).get("ApproximateReceiveCount", 1))


def take_fifo(event: dict[str, Any], one: Callable[[Record], None]) -> Batch:
    """Take the messages of a first-in-first-out queue; after one that must come back, all others do too."""
    records: list[Record] = event["Records"]
    for number, record in enumerate(records):
        if trouble_with(record, by_body(one)):
            return answer(later["messageId"] for later in records[number:])
    return answer(())


def trouble_with(record: Record, one: Callable[[Record], None]) -> Exception | None:
    """Take one record; return what makes it come back, None when it is done with or set aside."""
    try:
        with metering.record():
            taken(record, one)
    except Exception as error:  # noqa: BLE001  # the boundary of a record: whatever goes wrong inside must not take its neighbours
        if may_pass(error):
            return returned(error)
        set_aside(record, error)
    return None


def taken(record: Record, one: Callable[[Record], None]) -> None:
    """Take one record; where another writer was quicker, read again and decide again before it has to come back."""
    for _ in range(CONFLICTS):
        try:
            return one(record)
        except ConflictError:
            count("Conflict")
    return one(record)


def returned(error: Exception) -> Exception:
    """Count and log that a record comes back; return what made it."""
    count("RecordReturned")
    logger.warning("a record comes back", extra={"reason": f"{type(error).__name__}: {error}"})
    return error


def come_back(trouble: Exception, sequence_number: str, records: Sequence[Record]) -> Batch:
    """Report a stream's record as failed; raise where the platform takes such a report for a success.

    Raise too where it is the first of several: the platform halves only a batch that fails as a whole. Else the others
    would wait for this one at every try, and be given up with it in the end.
    """
    if not isinstance(trouble, ConflictError):
        time.sleep(BREATH_SECONDS)
    is_first_of_several = len(records) > 1 and sequence_number == records[0]["dynamodb"]["SequenceNumber"]
    if is_first_of_several or settings().raise_on_partial_failure:
        raise trouble
    return answer([sequence_number])


def may_pass(error: Exception) -> bool:
    """Whether the same record may do better another time."""
    if isinstance(error, TransientError | BotoCoreError):
        return True
    if isinstance(error, PynamoDBException):
        return code_of(error) not in HOPELESS
    return isinstance(error, ClientError) and error.response["Error"]["Code"] not in HOPELESS


def set_aside(record: Record, error: Exception) -> None:
    """Keep a hopeless record for a repair."""
    reason = str(error) if isinstance(error, PermanentError) else f"{type(error).__name__}: {error}"
    queues.set_aside(record, reason)
    count("RecordSetAside")
    logger.error("a record is set aside", extra={"reason": type(error).__name__})


def by_body(one: Callable[[Record], None]) -> Callable[[Record], None]:
    """Return a taker of messages that hands on the parsed body."""
    return lambda record: one(json.loads(record["body"]))


def answer(failed: Iterable[str]) -> Batch:
    """Return Lambda's partial batch response."""
    return {"batchItemFailures": [{"itemIdentifier": name} for name in failed]}
