"""Erasing: nothing of one person stays, but the proof that they were erased."""

from collections.abc import Iterable
from datetime import datetime
from typing import cast

from chalicelib.domain.enrolment import Enrolment
from chalicelib.domain.erasure import Receipt, Work, receipt_of, timers_of, wakeups_of
from chalicelib.gateways import schedules
from chalicelib.models import erasures
from chalicelib.models.behaviours import BehaviourRow
from chalicelib.models.belongings import Rows, belongings_of, delete_all
from chalicelib.models.enrolments import EnrolmentRow
from chalicelib.models.pushes import PushRow
from chalicelib.services.export_person import whole_person
from chalicelib.services.read_playbooks import live_playbooks
from chalicelib.services.schedule_step import name_of


def plan_erasure(customer_id: str, now: datetime) -> Work:
    """Return what erasing a person would delete, earlier tries that did not end included. Changes nothing."""
    person = whole_person(customer_id)
    ids, identities = {*person.customer_ids}, {*person.identities}
    earlier = [work for work in erasures.works() if any(work.concerns(key) for key in (*ids, *identities))]
    work = Work(
        customer_id=earlier[0].customer_id if earlier else person.customer.customer_id,
        began_at=now,
        customer_ids=tuple(sorted(ids)),
        identities=tuple(sorted(identities)),
    )
    for one in earlier:
        work = work.joined(one)
    rows = belongings_of(work.customer_ids, work.identities)
    return work.joined(work.model_copy(update={"found": {table: len(found) for table, found in rows.items()}}))


def erase_person(customer_id: str, salt: bytes, now: datetime) -> Receipt:
    """Delete all that is stored of a person and return the receipt.

    What is to go is written down before anything goes, so a try that was killed finds it again however little is
    left. Wake-ups are taken back while the rows that name them are there; runs go next, so that no step begins, then
    pushes, so that none is sent, and the customer last. The tombstones are there before the note is forgotten. Each of
    these may be repeated. What the person does at that very moment is stored anew: erase once more, later.
    """
    work = plan_erasure(customer_id, now)
    erasures.note_work(work)
    rows = belongings_of(work.customer_ids, work.identities)
    names = {*step_wakeups(rows), *timer_wakeups(rows, now)}
    for name in sorted(names):
        schedules.cancel(name)
    for batch, member in pushes_of(rows):
        erasures.forget_in_sends(batch, member)
    for found in rows.values():
        delete_all(found)
    receipt = receipt_of(work, len(names), salt, now)
    erasures.finish(work, receipt)
    return receipt


def step_wakeups(rows: Rows) -> Iterable[str]:
    """Yield the names of the schedules that runs wait for."""
    for row in rows["enrolments"]:
        enrolment: Enrolment = cast(EnrolmentRow, row).value
        yield from (name_of(enrolment, version) for version in wakeups_of(enrolment))


def timer_wakeups(rows: Rows, now: datetime) -> Iterable[str]:
    """Yield the names of the schedules that behaviours have set."""
    playbooks = live_playbooks(now)
    for row in rows["behaviours"]:
        behaviour = cast(BehaviourRow, row).value
        for timer in timers_of(behaviour, playbooks, now):
            yield timer.name_for(behaviour.subject)


def pushes_of(rows: Rows) -> Iterable[tuple[str, str]]:
    """Yield the keys of the person's pushes."""
    pushes = (cast(PushRow, row) for row in rows["pushes"])
    yield from ((push.batch, push.member) for push in pushes)
