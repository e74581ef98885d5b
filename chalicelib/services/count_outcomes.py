"""Counting what costs bought, from the stored rows."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from chalicelib.domain.costs.outcomes import REPLIES, WITHIN, Event, Outcome, credited, replies
from chalicelib.domain.costs.period import Period
from chalicelib.domain.enrolment import Enrolment
from chalicelib.domain.push import Push
from chalicelib.models.audits import all_enrolments, all_pushes, behaviours_between, merged_customers
from chalicelib.models.identities import IdentityRow
from chalicelib.services.charge import key_of_enrolment, key_of_push
from chalicelib.services.read_playbooks import playbook


def count_outcomes(
    period: Period,
    wanted: frozenset[Outcome],
    goals: frozenset[str] = frozenset(),
    seen: Callable[[], None] = lambda: None,
) -> Mapping[Outcome, list[Event]]:
    """Return what happened in a period: deliveries, and replies and goals if they are wanted.

    `goals` are the reasons of exits that count as a goal, beside a stage of intent `won`. Reads enrolments, pushes and
    (for replies) behaviours whole, page by page, and changes nothing; `seen` hears of every row.
    """
    reading = Reading(period, goals, seen, merged_customers())
    if "goal" in wanted:
        reading.read_runs()
    reading.read_pushes()
    found: dict[Outcome, list[Event]] = {"delivered": [one for one in reading.deliveries if one.at in period]}
    if "reply" in wanted:
        answered = replies(reading.deliveries, reading.messages())
        found["reply"] = [one for one in answered if one.at in period]
    found["goal"] = [credited(goal, reading.last.get(place)) for place, goal in reading.goals.items()]
    return found


@dataclass
class Reading:
    """What the tables told so far. `last` is the last delivery before the goal of a run that reached one."""

    period: Period
    reasons: frozenset[str]
    seen: Callable[[], None]
    merged: Mapping[str, str]
    goals: dict[tuple[str, str], Event] = field(default_factory=dict)
    deliveries: list[Event] = field(default_factory=list)
    last: dict[tuple[str, str], Event] = field(default_factory=dict)

    def read_runs(self) -> None:
        """Take in the runs that reached a goal in the period."""
        for enrolment in all_enrolments():
            self.seen()
            at = self.goal_of(enrolment)
            if at and at in self.period:
                key = tuple(part for part in key_of_enrolment(enrolment) if part[0] == "journey")
                place = (enrolment.customer_id, enrolment.run)
                self.goals[place] = Event(self.present(enrolment.customer_id), enrolment.run, at, key)

    def goal_of(self, enrolment: Enrolment) -> datetime | None:
        """Return when a run reached its goal; None when it did not."""
        if is_won(enrolment):
            return enrolment.stage_entered_at
        return enrolment.ended_at if enrolment.state == "exited" and enrolment.reason in self.reasons else None

    def read_pushes(self) -> None:
        """Take in the pushes that were delivered so that something in the period may count for them."""
        for push in all_pushes():
            self.seen()
            if isinstance(push, Push) and push.state == "delivered" and push.settled_at:
                customer = self.present(push.customer_id)
                self.take(Event(customer, push.run, push.settled_at, key_of_push(push)), (push.customer_id, push.run))

    def take(self, delivery: Event, place: tuple[str, str]) -> None:
        """Take in a delivery; `place` is its run's."""
        goal, last = self.goals.get(place), self.last.get(place)
        if goal and delivery.at <= goal.at and (last is None or last.at <= delivery.at):
            self.last[place] = delivery
        if self.period.begins_at - WITHIN <= delivery.at < self.period.ends_at:
            self.deliveries.append(delivery)

    def messages(self) -> Iterator[tuple[str, datetime]]:
        """Yield (customer, instant) of every message that may be a reply."""
        for behaviour in behaviours_between(self.period.begins_at - WITHIN, self.period.ends_at):
            self.seen()
            if behaviour and behaviour.name in REPLIES:
                customer = IdentityRow.customer_of(behaviour.subject)
                if customer:
                    yield self.present(customer), behaviour.occurred_at

    def present(self, customer: str) -> str:
        """Return whom a customer is part of by now."""
        while customer in self.merged:
            customer = self.merged[customer]
        return customer


def is_won(enrolment: Enrolment) -> bool:
    """Whether a run stands in a stage of intent `won`, or ended there."""
    journey = playbook(enrolment.playbook, enrolment.playbook_version).journey(enrolment.journey)
    stage = journey.stage(enrolment.stage) if journey else None
    return stage is not None and stage.intent == "won"
