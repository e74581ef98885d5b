"""Entering: whose run through a journey begins, and where."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta

from chalicelib.domain.conditions import evidence, holds
from chalicelib.domain.customer import Customer
from chalicelib.domain.enrolment import Enrolment
from chalicelib.domain.playbook.journeys import Journey
from chalicelib.domain.playbook.playbook import Playbook
from chalicelib.domain.stages import cause, exit_reason, with_next_step


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
