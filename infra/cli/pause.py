"""`pause` and `resume`: holds a customer's journeys, or one of them."""

from argparse import Namespace
from datetime import UTC, datetime

from chalicelib.domain.enrolment import Enrolment
from chalicelib.services.find_person import person_of
from chalicelib.services.pause_customer import pause_customer
from chalicelib.services.pause_enrolment import pause_enrolment, resume_enrolment, runs_called
from infra.cli.connect import Connection
from infra.cli.people import customer_called
from infra.cli.screen import say, say_json
from infra.failure import Failure

TOLD = {"customer_id", "run", "state", "step", "due_at"}


def run(chosen: Namespace, connection: Connection) -> int:
    """Pause or resume."""
    customer_id, now = customer_called(chosen.person, connection), datetime.now(UTC)
    if chosen.journey:
        changed = [change(one, chosen.is_paused, now) for one in runs_to_change(chosen, customer_id)]
        told = [one.model_dump(mode="json", include=TOLD) for one in changed]
        lines = [f"{one.key} is {one.state}{upcoming(one)}" for one in changed]
    else:
        behaviour = pause_customer(person_of(customer_id), chosen.is_paused, now)
        told = [{"customer_id": customer_id, "behaviour": behaviour.key, "name": behaviour.name}]
        lines = [f"recorded {behaviour.name} for {customer_id}; it counts when it has been taken in, within seconds"]
    if chosen.json:
        say_json(told)
    else:
        for line in lines:
            say(line)
    return 0


def upcoming(enrolment: Enrolment) -> str:
    """Return what comes next in a run."""
    return f", next {enrolment.step} at {enrolment.due_at:%Y-%m-%d %H:%M:%S}Z" if enrolment.due_at else ""


def runs_to_change(chosen: Namespace, customer_id: str) -> list[Enrolment]:
    """Return the runs that can be paused or resumed. Raises Failure when there is none."""
    wanted = "active" if chosen.is_paused else "paused"
    named = runs_called(customer_id, chosen.journey)
    fitting = [one for one in named if one.state == wanted]
    if not fitting:
        states = ", ".join(f"{one.run} is {one.state}" for one in named) or "there is no such run"
        raise Failure(f"nothing of {chosen.journey} is {wanted} for {customer_id}: {states}")
    return fitting


def change(enrolment: Enrolment, is_paused: bool, now: datetime) -> Enrolment:
    """Pause or resume one run."""
    return pause_enrolment(enrolment) if is_paused else resume_enrolment(enrolment, now)
