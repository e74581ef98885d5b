"""What is stored of one person, in every table: to hand it to them, or to delete it."""

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from pynamodb.models import Model

from chalicelib.models.allowances import MEMBER, partition
from chalicelib.models.behaviours import BehaviourRow
from chalicelib.models.customers import CustomerRow
from chalicelib.models.enrolments import EnrolmentRow
from chalicelib.models.identities import IdentityRow
from chalicelib.models.pushes import PushRow

SKIPPED = "skipped/"
Rows = Mapping[str, Sequence[Model]]


def belongings_of(customer_ids: Iterable[str], identities: Iterable[str]) -> Rows:
    """Return a person's rows by table, in the order in which they may be deleted.

    Runs first, so that no step begins while the rest goes; the customers last, who remember where the rest is. Pushes
    are found through an index: one that was planned in the last second may be missing.
    """
    ids, keys = list(customer_ids), list(identities)
    return {
        "enrolments": [row for each in ids for row in EnrolmentRow.query(each, consistent_read=True)],
        "pushes": [row for each in ids for row in pushes_of(each)],
        "allowances": list(PushRow.batch_get([(partition(each), MEMBER) for each in ids], consistent_read=True)),
        "behaviours": [row for key in keys for row in BehaviourRow.query(key, consistent_read=True)],
        "identities": list(IdentityRow.batch_get(keys, consistent_read=True)),
        "customers": list(CustomerRow.batch_get(ids, consistent_read=True)),
    }


def pushes_of(customer_id: str) -> list[PushRow]:
    """Return a customer's pushes, those that were not sent among them."""
    keys = {(row.batch, row.member) for row in PushRow.by_customer.query(customer_id)}
    keys |= {(row.batch, row.member) for row in PushRow.query(f"{SKIPPED}{customer_id}", consistent_read=True)}
    return sorted(PushRow.batch_get(keys, consistent_read=True), key=lambda row: (row.planned_at or "", row.member))


def delete_all(rows: Iterable[Model]) -> None:
    """Delete rows; one that is gone already is no error."""
    for row in rows:
        row.delete()


def in_the_open(row: Model) -> dict[str, Any]:
    """Return a row with its document unpacked."""
    told = dict(row.attribute_values)
    document = told.pop("document", None)
    return told | (json.loads(document) if document else {})
