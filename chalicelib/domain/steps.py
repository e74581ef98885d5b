"""SOP steps: which is next and when, and what is to be done with one that is due."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from chalicelib.domain.conditions import holds
from chalicelib.domain.customer import Customer
from chalicelib.domain.enrolment import Enrolment
from chalicelib.domain.playbook.journeys import Stage, Step
from chalicelib.domain.playbook.playbook import Playbook
from chalicelib.domain.push import slot_of
from chalicelib.domain.timing import due_at, zone_of
from chalicelib.domain.windows import is_allowed, next_allowed

LATE = timedelta(hours=1)
A_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Send:
    """Plan the push."""


@dataclass(frozen=True)
class Skip:
    """Do not send, and store why."""

    reason: str


@dataclass(frozen=True)
class Wait:
    """Look at the step again at an instant."""

    until: datetime
    reason: str


Decision = Send | Skip | Wait


def next_step(
    stage: Stage, enrolment: Enrolment, customer: Customer, playbook: Playbook
) -> tuple[str, datetime] | None:
    """Return the id and instant of the earliest step that is not done; None when all are.

    Steps whose date is missing come last, when nothing else is left: by then it may be known, and if it is not,
    running them stores the reason.
    """
    zone = zone_of(customer.zone, playbook.zone)
    remaining = [step for step in stage.steps if step.id not in enrolment.done]
    moments = {step.id: due_at(step, enrolment.stage_entered_at, zone, customer.profile) for step in remaining}
    dated = [(moment, name) for name, moment in moments.items() if moment]
    if dated:
        moment, name = min(dated, key=lambda one: one[0])
        return name, moment
    return (remaining[0].id, enrolment.since) if remaining else None


def decide(
    step: Step, enrolment: Enrolment, customer: Customer, playbook: Playbook, refused: str | None, now: datetime
) -> Decision:
    """Return what is to be done with a due step at an instant.

    `refused` is the cap or quota that one more push would break. What speaks against sending at all is asked
    before what only speaks against sending now, so that nobody waits for a push that will not come.
    """
    zone = zone_of(customer.zone, playbook.zone)
    meant = due_at(step, enrolment.stage_entered_at, zone, customer.profile)
    if meant is None:
        return Skip("no_date")
    if step.on and meant > now:
        return Wait(meant, "date_moved")
    reason = objection(step, customer, playbook, now) or too_late(step, enrolment, now)
    if reason:
        return Skip(reason)
    held = hold(step, playbook, zone, now)
    return held or (Skip(refused) if refused else Send())


def objection(step: Step, customer: Customer, playbook: Playbook, now: datetime) -> str | None:
    """Return what speaks against sending a step to a customer at all; None when nothing does."""
    checks = {
        "paused": not customer.paused,
        "not_friend": customer.owner is not None,
        "no_consent": consents(customer, playbook),
        "only_if": step.only_if is None or holds(step.only_if, customer, playbook, now),
        "unless": step.unless is None or not holds(step.unless, customer, playbook, now),
    }
    return next((reason for reason, passed in checks.items() if not passed), None)


def consents(customer: Customer, playbook: Playbook) -> bool:
    """Whether a customer accepts messages: as they said, or as adding a staff member implies where that counts."""
    return customer.consent.granted if customer.consent else playbook.consent == "on_follow"


def too_late(step: Step, enrolment: Enrolment, now: datetime) -> str | None:
    """Return `late` for a step that was found too late to be of use; None for one that is not."""
    lateness = now - (enrolment.due_at or now)
    patience = A_DAY if step.on else LATE
    return "late" if lateness > patience and (step.on or step.late == "skip") else None


def hold(step: Step, playbook: Playbook, zone: ZoneInfo, now: datetime) -> Wait | Skip | None:
    """Return how a step outside its windows or inside quiet hours is held; None when it may go now."""
    opens = next_allowed(step.windows, playbook.quiet, now, zone)
    if opens == now:
        return None
    reason = "quiet_hours" if next_allowed(step.windows, (), now, zone) == now else "window"
    return Wait(opens, reason) if opens and step.late == "wait" else Skip(reason)


def slot_for(step: Step, playbook: Playbook, zone: ZoneInfo, due: datetime) -> datetime:
    """Return the moment at which a step that was due at an instant goes together with others.

    It is the next quarter of an hour, if that is the same day and the step may be sent then; else the step's own
    instant: nobody is written to in quiet hours, or on a day that was not counted, for the sake of company.
    """
    quarter = slot_of(due)
    is_same_day = quarter.astimezone(zone).date() == due.astimezone(zone).date()
    return quarter if is_same_day and is_allowed(step.windows, playbook.quiet, quarter, zone) else due
