"""Journeys: who enters, who moves to another stage, whose run ends."""

from collections.abc import Callable, Sequence
from datetime import datetime

from chalicelib.domain.customer import Customer
from chalicelib.domain.enrolment import Enrolment
from chalicelib.domain.entering import entered
from chalicelib.domain.playbook.journeys import Stage
from chalicelib.domain.playbook.playbook import Playbook
from chalicelib.domain.stages import exit_reason, in_stage, overtaken, stage_for
from chalicelib.domain.steps import next_step

PlaybookOf = Callable[[str, int], Playbook]


def changes(
    customer: Customer, enrolments: Sequence[Enrolment], live: Sequence[Playbook], pinned: PlaybookOf, now: datetime
) -> list[Enrolment]:
    """Return the enrolments that a customer's present state changes, each as its next version.

    `live` are the playbooks that new runs are made of, `pinned` gives the version that a running one was made of.
    The same state twice changes nothing the second time: what was moved has `seen` it.
    """
    running = [one for one in enrolments if one.state in ("active", "paused")]
    moved = [changed for one in running if (changed := moved_on(one, customer, pinned, now))]
    by_run = {one.run: one for one in enrolments}
    return moved + list(entered(customer, by_run, live, now))


def moved_on(enrolment: Enrolment, customer: Customer, pinned: PlaybookOf, now: datetime) -> Enrolment | None:
    """Return a running enrolment after its exit or stage change; None when it stays."""
    playbook = pinned(enrolment.playbook, enrolment.playbook_version)
    journey = playbook.journey(enrolment.journey)
    reason = "journey_removed" if journey is None else exit_reason(journey, customer, playbook, now)
    if reason or journey is None:
        return ended(enrolment, customer, "exited", reason or "journey_removed", now)
    target = stage_for(journey, enrolment, customer, playbook, now)
    if target:
        return in_stage(enrolment, target, customer, playbook, now)
    return replanned(enrolment, journey.stage(enrolment.stage), customer, playbook)


def replanned(enrolment: Enrolment, stage: Stage | None, customer: Customer, playbook: Playbook) -> Enrolment | None:
    """Return a waiting enrolment that should wait for an earlier step, such as a birthday just learnt; else None."""
    upcoming = next_step(stage, enrolment, customer, playbook) if stage and enrolment.due_at else None
    if upcoming is None or enrolment.due_at is None:
        return None
    step, due_at = upcoming
    if step == enrolment.step or due_at >= enrolment.due_at:
        return None
    changed = {"step": step, "due_at": due_at, "version": enrolment.version + 1, "superseded": enrolment.version}
    return enrolment.model_copy(update=changed)


def ended(enrolment: Enrolment, customer: Customer, state: str, reason: str, now: datetime) -> Enrolment:
    """Return an enrolment whose run is over."""
    return enrolment.model_copy(update={
        "version": enrolment.version + 1,
        "state": state,
        "seen": customer.version,
        "step": None,
        "due_at": None,
        "ended_at": now,
        "reason": reason,
        "superseded": overtaken(enrolment),
    })
