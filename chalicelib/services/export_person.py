"""Exporting: all that is stored of one person."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from chalicelib.domain.value import Value
from chalicelib.models.behaviours import BehaviourRow
from chalicelib.models.belongings import belongings_of, in_the_open
from chalicelib.services.find_person import Person, person_of


class PersonalData(Value):
    """Every row of one person, by table."""

    customer_id: str
    exported_at: datetime
    identities: tuple[str, ...]
    tables: dict[str, list[dict[str, Any]]]


def export_person(customer_id: str, now: datetime) -> PersonalData:
    """Return all that is stored of the person behind a customer's id. Reads only."""
    person = whole_person(customer_id)
    rows = belongings_of(person.customer_ids, person.identities)
    return PersonalData(
        customer_id=person.customer.customer_id,
        exported_at=now,
        identities=tuple(person.identities),
        tables={table: [in_the_open(row) for row in found] for table, found in rows.items()},
    )


def whole_person(customer_id: str) -> Person:
    """Return a person with every identity that ever came along with one of theirs, which reads all behaviours."""
    return person_of(customer_id, vouched_by_behaviours)


def vouched_by_behaviours(identity: str) -> Iterator[str]:
    """Yield the identities that behaviours of one name as the same person's."""
    for behaviour in BehaviourRow.of_subject(identity):
        yield from behaviour.also
