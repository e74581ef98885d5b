"""The behaviours table's stream: customers did something."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from chalicelib import metering
from chalicelib.handlers.records import Batch, Record, answer, come_back, may_pass, returned, trouble_with
from chalicelib.models.behaviours import BehaviourRow
from chalicelib.services.tag_customer import Arrival, tag_customer

Trouble = tuple[Exception, str]


def handle(event: dict[str, Any]) -> Batch:
    """Tag the customers of a batch, one write each; report the earliest record that must come back.

    Records of one subject are taken in together. Subjects behind the earliest failure may be taken in already: when
    they come again they are known by their sequence numbers.
    """
    groups: dict[str, list[Record]] = defaultdict(list)
    for record in event["Records"]:
        groups[record["dynamodb"]["Keys"]["subject"]["S"]].append(record)
    troubles = [found for group in groups.values() if (found := trouble_with_group(group))]
    if not troubles:
        return answer(())
    trouble, number = min(troubles, key=lambda found: int(found[1]))
    return come_back(trouble, number, event["Records"])


def trouble_with_group(records: Sequence[Record]) -> Trouble | None:
    """Take the records of one subject; return what brings them back, and from which one on.

    When the group as a whole is hopeless, its records go one by one, so that only the culprit is set aside.
    """
    try:
        with metering.record():
            take(records)
    except Exception as error:  # noqa: BLE001  # the boundary of a subject: its trouble must not become its neighbours'
        if may_pass(error):
            return returned(error), number_of(records[0])
        return first_trouble(records)
    return None


def first_trouble(records: Sequence[Record]) -> Trouble | None:
    """Take records one by one up to the first that must come back."""
    for record in records:
        if trouble := trouble_with(record, lambda one: take([one])):
            return trouble, number_of(record)
    return None


def take(records: Sequence[Record]) -> None:
    """Read the behaviours of one subject again and tag their customer. One that has expired is no more."""
    keys = [key_of(record) for record in records]
    found = {row.position: row.value for row in BehaviourRow.batch_get(keys, consistent_read=True)}
    arrivals = [
        Arrival(found[position], number_of(record), bool(record.get("redriven")))
        for record, (_, position) in zip(records, keys, strict=True)
        if position in found
    ]
    if arrivals:
        metering.name(account=arrivals[0].behaviour.account)
        tag_customer(arrivals, datetime.now(UTC))


def key_of(record: Record) -> tuple[str, str]:
    """Return the key of the behaviour that a record is about."""
    keys = record["dynamodb"]["Keys"]
    return keys["subject"]["S"], keys["position"]["S"]


def number_of(record: Record) -> str:
    """Return a record's place in the stream."""
    return str(record["dynamodb"]["SequenceNumber"])
