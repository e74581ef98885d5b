"""Telling a customer's story: what they are, and all that happened, in order of time, each with its cause."""

import heapq
from collections.abc import Iterator
from datetime import datetime
from itertools import chain, islice

from chalicelib.domain.customer import Customer
from chalicelib.domain.enrolment import Enrolment
from chalicelib.domain.push import Push
from chalicelib.domain.story import (
    Line,
    line_of_behaviour,
    line_of_push,
    line_of_send,
    line_of_tag,
    lines_of_enrolment,
)
from chalicelib.domain.value import Value
from chalicelib.models.audits import sends_of
from chalicelib.models.behaviours import BehaviourRow
from chalicelib.models.enrolments import EnrolmentRow
from chalicelib.models.pushes import PushRow
from chalicelib.services.find_person import Person
from chalicelib.services.read_playbooks import live_playbooks, playbook


class Story(Value):
    """A customer and a page of what happened to them. `next` is where the next page begins; None on the last."""

    customer: Customer
    customer_ids: tuple[str, ...]
    identities: tuple[str, ...]
    enrolments: tuple[Enrolment, ...]
    zone: str
    lines: tuple[Line, ...]
    next: datetime | None = None


def tell_story(person: Person, now: datetime, since: datetime | None = None, limit: int = 100) -> Story:
    """Return the first `limit` lines of a person's story from an instant on. Reads only."""
    enrolments = tuple(one for each in person.customer_ids for one in EnrolmentRow.of_customer(each))
    found = list(islice(lines_of(person, enrolments, since), limit + 1))
    return Story(
        customer=person.customer,
        customer_ids=tuple(person.customer_ids),
        identities=tuple(person.identities),
        enrolments=enrolments,
        zone=zone_shown(person.customer, enrolments, now),
        lines=tuple(found[:limit]),
        next=found[limit].at if len(found) > limit else None,
    )


def lines_of(person: Person, enrolments: tuple[Enrolment, ...], since: datetime | None) -> Iterator[Line]:
    """Yield all lines in order of time. Behaviours, which may be many, are read as far as they are asked for."""
    behaviours = [map(line_of_behaviour, BehaviourRow.of_subject(each, since)) for each in person.identities]
    pushes = [push for each in person.customer_ids for push in PushRow.of_customer(each)]
    others = chain(
        map(line_of_push, pushes),
        lines_of_sends(pushes),
        (line_of_tag(person.customer, name) for name in person.customer.tags),
        chain.from_iterable(map(lines_of_enrolment, enrolments)),
    )
    recent = sorted((line for line in others if since is None or line.at >= since), key=moment)
    yield from heapq.merge(*behaviours, recent, key=moment)


def moment(line: Line) -> datetime:
    """Return when a line's event happened."""
    return line.at


def lines_of_sends(pushes: list[Push]) -> Iterator[Line]:
    """Yield the group-sends that carried these pushes."""
    for push in pushes:
        if push.channel == "group_send" and push.state != "skipped":
            yield from (line_of_send(send, push) for send in sends_of(push.batch) if push.member in send.members)


def zone_shown(customer: Customer, enrolments: tuple[Enrolment, ...], now: datetime) -> str:
    """Return the zone of the customer's clock: their own, or that of the playbook that leads them."""
    if customer.zone:
        return customer.zone
    if enrolments:
        return playbook(enrolments[0].playbook, enrolments[0].playbook_version).zone
    return next((book.zone for book in live_playbooks(now)), "UTC")
