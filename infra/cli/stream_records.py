"""Records of a table's stream, read again within its 24 hours."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

EMPTY_PAGES = 10
Record = dict[str, Any]


class ExpiredError(Exception):
    """The stream does not hold the records any more."""


def read_records(streams: Any, news: Mapping[str, Any]) -> list[Record]:
    """Return a batch's records in the shape that Lambda hands to a function.

    `news` is Lambda's `DDBStreamBatchInfo`: stream, shard, first and last sequence number. Raises ExpiredError.
    """
    gone = (streams.exceptions.TrimmedDataAccessException, streams.exceptions.ResourceNotFoundException)
    try:
        found = list_records(streams, news)
    except gone:
        found = []
    if not found:
        first = news.get("approximateArrivalOfFirstRecord", "unknown")
        raise ExpiredError(f"expired: a stream keeps its records for 24 hours, and these are of {first}")
    return found


def list_records(streams: Any, news: Mapping[str, Any]) -> list[Record]:
    """Read from the first sequence number to the last, or to the shard's end."""
    last, empty = int(news["endSequenceNumber"]), 0
    iterator = streams.get_shard_iterator(
        StreamArn=news["streamArn"],
        ShardId=news["shardId"],
        ShardIteratorType="AT_SEQUENCE_NUMBER",
        SequenceNumber=news["startSequenceNumber"],
    ).get("ShardIterator")
    records: list[Record] = []
    while iterator and empty < EMPTY_PAGES:
        page = streams.get_records(ShardIterator=iterator)
        records += [as_lambda_has_it(record, news) for record in page["Records"]]
        empty = 0 if page["Records"] else empty + 1
        if records and number_of(records[-1]) >= last:
            break
        iterator = page.get("NextShardIterator")
    return [record for record in records if number_of(record) <= last]


def as_lambda_has_it(record: Mapping[str, Any], news: Mapping[str, Any]) -> Record:
    """Return a record of the streams API as Lambda shows it: times are numbers, and its stream is named."""
    image = dict(record["dynamodb"])
    created = image.get("ApproximateCreationDateTime")
    if isinstance(created, datetime):
        image["ApproximateCreationDateTime"] = created.timestamp()
    return {**record, "dynamodb": image, "eventSourceARN": news["streamArn"]}


def number_of(record: Record) -> int:
    """Return a record's place in its stream."""
    return int(record["dynamodb"]["SequenceNumber"])


def wanted(function: str, record: Record) -> bool:
    """Whether a function takes a record: what infra/template.yaml filters, which a call of ours goes around."""
    if function in ("move", "schedule"):
        return record["eventName"] in ("INSERT", "MODIFY")
    image = record["dynamodb"].get("NewImage", {})
    is_theirs = image.get("kind") == {"S": "customer"} if function == "tag" else "welcome_code" in image
    return record["eventName"] == "INSERT" and is_theirs
