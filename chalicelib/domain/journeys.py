"""Journeys: who enters, who moves to another stage, whose run ends."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

from chalicelib.domain.conditions import evidence, holds
from chalicelib.domain.customer import Customer
from chalicelib.domain.enrolment import Enrolment
from chalicelib.domain.playbook.conditions import Condition
from chalicelib.domain.playbook.journeys import Journey, Stage
from chalicelib.domain.playbook.playbook import Playbook
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


def exit_reason(journey: Journey, customer: Customer, playbook: Playbook, now: datetime) -> str | None:
    """Return why a customer must leave a journey, or may not enter it; None when nothing says so."""
    if customer.merged_into:
        return "merged"
    return next((way.reason for way in journey.exit if holds(way.when, customer, playbook, now)), None)


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


def overtaken(enrolment: Enrolment) -> int | None:
    """Return the version whose wake-up is out and now in vain; None when none is out."""
    return enrolment.version if enrolment.due_at else None


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


def entered(
    customer: Customer, by_run: dict[str, Enrolment], live: Sequence[Playbook], now: datetime
) -> Iterator[Enrolment]:
    """Yield the runs that a customer begins."""
    for playbook in live:
        for journey in playbook.journeys:
            if is_welcome(journey, customer, playbook, now):
                runs = runs_of(journey, customer, now)
                open_runs = (run for run in runs if may_enter(journey, by_run.get(run), customer, playbook, now))
                yield from (first_stage(journey, run, by_run.get(run), customer, playbook, now) for run in open_runs)


def is_welcome(journey: Journey, customer: Customer, playbook: Playbook, now: datetime) -> bool:
    """Whether a customer is one whom a journey is for, and whom it would not send away at once."""
    wanted = holds(journey.enter.when, customer, playbook, now)
    return wanted and exit_reason(journey, customer, playbook, now) is None


def runs_of(journey: Journey, customer: Customer, now: datetime) -> Iterable[str]:
    """Return the names of a journey's runs: one, or one for each key of the tag that keys it."""
    if journey.enter.keyed_by is None:
        return [journey.id]
    present = (name for name, tag in customer.tags.items() if tag.until is None or tag.until > now)
    keyed = (name.partition("#") for name in present)
    return [f"{journey.id}#{key}" for tag, _, key in keyed if tag == journey.enter.keyed_by and key]


def may_enter(
    journey: Journey, before: Enrolment | None, customer: Customer, playbook: Playbook, now: datetime
) -> bool:
    """Whether a run may begin: the first one, or a new one after an end when the journey lets people come again."""
    if before is None:
        return True
    again = journey.enter.again
    if before.ended_at is None or again == "never":
        return False
    rested = again == "always" or (isinstance(again, timedelta) and now >= before.ended_at + again)
    return rested and evidence(journey.enter.when, customer, playbook) > before.seen


def first_stage(
    journey: Journey, run: str, before: Enrolment | None, customer: Customer, playbook: Playbook, now: datetime
) -> Enrolment:
    """Return the enrolment that begins a run, at the heaviest stage that holds, or else the first."""
    fitting = [stage for stage in journey.stages if stage.when and holds(stage.when, customer, playbook, now)]
    stage = max(fitting, key=lambda one: one.weight, default=journey.stages[0])
    enrolment = Enrolment(
        customer_id=customer.customer_id,
        run=run,
        journey=journey.id,
        playbook=playbook.id,
        playbook_version=playbook.version,
        version=before.version + 1 if before else 1,
        state="active",
        turn=before.turn + 1 if before else 1,
        entered_at=now,
        stage=stage.id,
        visit=1,
        stage_entered_at=now,
        seen=customer.version,
        because=cause(journey.enter.when, customer, playbook),
        since=now,
    )
    return with_next_step(enrolment, stage, customer, playbook)


def cause(condition: Condition, customer: Customer, playbook: Playbook) -> str:
    """Return the key of what made a condition true last: the behaviour behind a tag, or the customer's version."""
    revision = evidence(condition, customer, playbook)
    earned = (tag.because for tag in customer.tags.values() if tag.revision == revision)
    return next(earned, f"{customer.customer_id}@{revision}")
