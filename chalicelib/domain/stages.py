"""Stages: which one a customer belongs to, and what it is to begin one."""

from datetime import datetime
from typing import Any

from chalicelib.domain.conditions import evidence, holds
from chalicelib.domain.customer import Customer
from chalicelib.domain.enrolment import Enrolment
from chalicelib.domain.playbook.conditions import Condition
from chalicelib.domain.playbook.journeys import Journey, Stage
from chalicelib.domain.playbook.playbook import Playbook
from chalicelib.domain.steps import next_step


def exit_reason(journey: Journey, customer: Customer, playbook: Playbook, now: datetime) -> str | None:
    """Return why a customer must leave a journey, or may not enter it; None when nothing says so."""
    if customer.merged_into:
        return "merged"
    return next((way.reason for way in journey.exit if holds(way.when, customer, playbook, now)), None)


def stage_for(
    journey: Journey, enrolment: Enrolment, customer: Customer, playbook: Playbook, now: datetime
) -> Stage | None:
    """Return the stage that a running customer moves to; None when they stay.

    Only what became true after the current stage began moves them: a hot customer who cooled down is not hot again
    because of the old reason.
    """
    present = journey.stage(enrolment.stage)
    weight = present.weight if present else min(stage.weight for stage in journey.stages) - 1
    fitting = [
        stage
        for stage in journey.stages
        if stage.when and stage.id != enrolment.stage and (stage.weight > weight or stage.backward)
        and holds(stage.when, customer, playbook, now)
        and evidence(stage.when, customer, playbook) > enrolment.seen
    ]
    return max(fitting, key=lambda stage: stage.weight, default=None)


def in_stage(
    enrolment: Enrolment, stage: Stage, customer: Customer, playbook: Playbook, now: datetime
) -> Enrolment:
    """Return an enrolment at the beginning of a stage."""
    because = cause(stage.when, customer, playbook) if stage.when else enrolment.because
    fresh: dict[str, Any] = {
        "version": enrolment.version + 1,
        "stage": stage.id,
        "visit": enrolment.visit + 1,
        "stage_entered_at": now,
        "seen": customer.version,
        "because": because,
        "done": (),
        "since": now,
        "reason": None,
        "superseded": overtaken(enrolment),
    }
    return with_next_step(enrolment.model_copy(update=fresh), stage, customer, playbook)


def with_next_step(enrolment: Enrolment, stage: Stage, customer: Customer, playbook: Playbook) -> Enrolment:
    """Return an enrolment with its next step, or finished when a final stage has none left."""
    upcoming = next_step(stage, enrolment, customer, playbook) if enrolment.state == "active" else None
    step, due_at = upcoming or (None, None)
    over = enrolment.state == "active" and stage.final and step is None
    end: dict[str, Any] = {"state": "finished", "ended_at": enrolment.since, "seen": customer.version} if over else {}
    return enrolment.model_copy(update={"step": step, "due_at": due_at, **end})


def overtaken(enrolment: Enrolment) -> int | None:
    """Return the version whose wake-up is out and now in vain; None when none is out."""
    return enrolment.version if enrolment.due_at else None


def cause(condition: Condition, customer: Customer, playbook: Playbook) -> str:
    """Return the key of what made a condition true last: the behaviour behind a tag, or the customer's version."""
    revision = evidence(condition, customer, playbook)
    earned = (tag.because for tag in customer.tags.values() if tag.revision == revision)
    return next(earned, f"{customer.customer_id}@{revision}")
