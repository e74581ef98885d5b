"""Tagging: behaviours become ties, attributes, counters and tags of their customer."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from chalicelib.domain.behaviour import Behaviour
from chalicelib.domain.customer import Customer
from chalicelib.domain.folding import Timer, fold
from chalicelib.gateways import schedules
from chalicelib.metering.inputs import noted
from chalicelib.models.customers import CustomerRow
from chalicelib.schemas.wakeups import TimerDue
from chalicelib.services.identify_customer import identify_customer
from chalicelib.services.read_playbooks import live_playbooks

REDRIVEN = 200


class Arrival(NamedTuple):
    """A behaviour and its place in its stream. One that is put back after a repair comes out of the stream's order."""

    behaviour: Behaviour
    sequence_number: str
    is_put_back: bool = False


def tag_customer(arrivals: Sequence[Arrival], now: datetime) -> None:
    """Take behaviours of one subject, in stream order, into their customer: once, however often they arrive.

    The customer's row keeps the last sequence number taken in per subject, in the same conditional write as what it
    changed, so a second delivery finds nothing new. Timers are set before that write: killed in between, the next
    delivery sets the same ones again, by the same names; one too many looks again and changes nothing.
    Raises ConflictError when another subject of the same customer was taken in at the same moment.
    """
    subject = arrivals[0].behaviour.subject
    also = (identity for arrival in arrivals for identity in arrival.behaviour.also)
    customer = identify_customer((subject, *also), arrivals[0].behaviour.key, now)
    fresh = [arrival for arrival in arrivals if is_new(arrival, customer)]
    for arrival in fresh if fresh and take_in(fresh, customer, now) else ():
        noted("stream_record", True, arrival.behaviour.key)
    for arrival in arrivals:
        if arrival not in fresh:
            noted("stream_record", False, arrival.behaviour.key)


def take_in(fresh: Sequence[Arrival], customer: Customer, now: datetime) -> bool:
    """Set the timers, then write the customer; False where nothing has changed, of which nothing is known later."""
    after, timers = folded(customer, fresh, now)
    for behaviour, timer in timers:
        set_timer(behaviour, timer, now)
    if after == customer:
        return False
    CustomerRow.store(marked(after, fresh))
    return True


def is_new(arrival: Arrival, customer: Customer) -> bool:
    """Whether a behaviour has not been taken in yet.

    A stream comes in order, so what is not behind the mark is new, unless it was put back before. To one that is put
    back the mark says nothing: later ones may have overtaken it. But the one that the mark stands on was taken in.
    """
    number, mark = int(arrival.sequence_number), int(customer.folded.get(arrival.behaviour.subject, "0"))
    if arrival.behaviour.key in customer.redriven or number == mark:
        return False
    return arrival.is_put_back or number > mark


def folded(
    customer: Customer, arrivals: Sequence[Arrival], now: datetime
) -> tuple[Customer, list[tuple[Behaviour, Timer]]]:
    """Return the customer after all behaviours, and the timers that each of them started."""
    playbooks = live_playbooks(now)
    timers: list[tuple[Behaviour, Timer]] = []
    for behaviour, *_ in arrivals:
        customer, started = fold(customer, behaviour, playbooks, now)
        timers += [(behaviour, timer) for timer in started]
    return customer, timers


def marked(customer: Customer, arrivals: Sequence[Arrival]) -> Customer:
    """Return the customer's next version, which says up to where the subject has been taken in."""
    numbers = [arrival.sequence_number for arrival in arrivals if not arrival.is_put_back]
    repaired = [arrival.behaviour.key for arrival in arrivals if arrival.is_put_back]
    last = {arrivals[0].behaviour.subject: max(numbers, key=int)} if numbers else {}
    return customer.model_copy(update={
        "version": customer.version + 1,
        "folded": {**customer.folded, **last},
        "redriven": (*customer.redriven, *repaired)[-REDRIVEN:],
    })


def set_timer(behaviour: Behaviour, timer: Timer, now: datetime) -> None:
    """Have the customer looked at again when a timer is over."""
    body = TimerDue(
        subject=behaviour.subject,
        account=behaviour.account,
        rule=timer.rule,
        because=timer.because,
        due_at=timer.due_at,
    )
    wait = schedules.Wait(due_at=timer.due_at, since=timer.since)
    schedules.wake("timers", timer.name_for(behaviour.subject), body.model_dump(mode="json"), wait, now)
