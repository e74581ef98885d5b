"""Erasures: those that are under way, and what remains of those that are done. Rows of the catalog."""

from collections.abc import Iterator

from chalicelib.domain.erasure import Receipt, Work, tombstone
from chalicelib.models.audits import sends_of
from chalicelib.models.catalog import CatalogRow
from chalicelib.models.group_sends import record

UNDER_WAY = "erasing"
DONE = "erased"


def works() -> Iterator[Work]:
    """Yield the erasures that have begun and not ended."""
    yield from (Work.model_validate_json(document) for _, document in CatalogRow.of_kind(UNDER_WAY))


def note_work(work: Work) -> None:
    """Remember what an erasure has to delete."""
    CatalogRow.put(UNDER_WAY, work.customer_id, work.model_dump_json())


def finish(work: Work, receipt: Receipt) -> None:
    """Leave the tombstones, and only then forget whose they are."""
    for stone in receipt.tombstones:
        CatalogRow.put(DONE, stone, receipt.model_dump_json(exclude={"tombstones"}))
    CatalogRow(kind=UNDER_WAY, id=work.customer_id).delete()


def erased(key: str, salt: bytes) -> Receipt | None:
    """Return the receipt of the erasure of whoever had this identity or customer's id; None when there was none."""
    stone = tombstone(key, salt)
    document = CatalogRow.fetch(DONE, stone)
    return Receipt.model_validate_json(document).model_copy(update={"tombstones": (stone,)}) if document else None


def forget_in_sends(batch: str, member: str) -> None:
    """Take a push out of its group-sends' lists of those whom the platform refused."""
    for send in sends_of(batch):
        if member in send.failed:
            left = tuple(each for each in send.failed if each != member)
            record(send.model_copy(update={"failed": left}))
