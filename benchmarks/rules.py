"""The pure rules: how many events and steps one processor decides in a second."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from benchmarks.measure import cpu_of
from chalicelib.domain.behaviour import Behaviour
from chalicelib.domain.customer import Customer
from chalicelib.domain.folding import fold
from chalicelib.domain.journeys import changes
from chalicelib.domain.steps import decide
from infra.playbook_file import load

NOW = datetime(2026, 11, 22, 4, tzinfo=UTC)
PLAYBOOK = load(Path(__file__).parents[1] / "playbooks" / "consultation.yaml")


def event(name: str, seconds: int = 0) -> Behaviour:
    """Return something that one customer did."""
    at = NOW + timedelta(seconds=seconds)
    return Behaviour(
        subject="wecom:ww:wm", occurred_at=at, id=str(seconds), name=name, account="main", source="bench",
        received_at=at, staff="li", properties={"name": "price"},
    )


FRIEND = fold(Customer(customer_id="c"), event("wecom.add_external_contact"), [PLAYBOOK], NOW).customer
FRIEND = FRIEND.model_copy(update={"version": 1})
RUN = changes(FRIEND, [], [PLAYBOOK], lambda _name, _version: PLAYBOOK, NOW)[0]
JOURNEY = PLAYBOOK.journey(RUN.journey)
STAGE = JOURNEY.stage(RUN.stage) if JOURNEY else None
STEP = STAGE.step(RUN.step) if STAGE else None


def folded() -> None:
    """Take one page view into a customer."""
    fold(FRIEND, event("page", 60), [PLAYBOOK], NOW)


def decided() -> None:
    """Decide one due step."""
    if STEP:
        decide(STEP, RUN, FRIEND, PLAYBOOK, None, NOW)


def rows() -> list[tuple[str, float, str]]:
    """Return (what, value, unit) of each figure, with the example playbook."""
    return [
        ("behaviours folded", 1 / cpu_of(folded, 200), "a second and core"),
        ("due steps decided", 1 / cpu_of(decided, 200), "a second and core"),
    ]
