import pytest

from chalicelib.domain.customer import Customer
from chalicelib.domain.enrolment import Enrolment
from chalicelib.models.behaviours import BehaviourRow
from chalicelib.models.customers import CustomerRow
from chalicelib.models.enrolments import EnrolmentRow
from chalicelib.services.schedule_step import schedule_step
from chalicelib.services.tag_customer import Arrival, tag_customer
from infra.failure import Failure
from tests.integration.cli.stage import NOW, XIAOLI, XIAOLI_ID, Stage


def run_of(name: str = "tea") -> Enrolment:
    """Return the stored run."""
    enrolment = EnrolmentRow.fetch(XIAOLI_ID, name)
    assert enrolment is not None
    return enrolment


def test_a_paused_run_waits_for_nothing_and_goes_on_where_it_stopped(stage: Stage) -> None:
    stage.happens("wecom.add_external_contact")
    before, waiting = run_of(), stage.schedules()

    assert stage.run("pause", XIAOLI, "tea") == 0
    schedule_step(XIAOLI_ID, "tea", NOW)
    paused = run_of()
    assert (paused.state, paused.due_at, paused.superseded) == ("paused", None, before.version)
    assert len(waiting - stage.schedules()) == 1

    assert stage.run("resume", XIAOLI, "tea") == 0
    resumed = run_of()
    assert (resumed.state, resumed.step, resumed.due_at) == ("active", before.step, before.due_at)
    assert resumed.version == before.version + 2


def test_pausing_twice_is_refused(stage: Stage) -> None:
    stage.happens("wecom.add_external_contact")
    stage.run("pause", XIAOLI, "tea")

    with pytest.raises(Failure, match=f"nothing of tea is active for {XIAOLI_ID}: tea is paused"):
        stage.run("pause", XIAOLI, "tea")


def test_an_unknown_journey_is_refused(stage: Stage) -> None:
    stage.happens("wecom.add_external_contact")

    with pytest.raises(Failure, match="there is no such run"):
        stage.run("pause", XIAOLI, "coffee")


def test_a_whole_customer_is_paused_by_a_behaviour_that_the_tag_service_takes_in(stage: Stage) -> None:
    stage.happens("wecom.add_external_contact")

    assert stage.run("pause", XIAOLI) == 0
    assert take_in_last(stage).paused
    assert stage.run("resume", XIAOLI) == 0
    assert not take_in_last(stage).paused


def take_in_last(stage: Stage) -> Customer:
    """Have the newest behaviour taken in, and return the customer."""
    newest = list(BehaviourRow.of_subject(XIAOLI))[-1]
    assert newest.source == "operator"
    tag_customer([Arrival(newest, str(next(stage.numbers)))], newest.received_at)
    customer = CustomerRow.fetch(XIAOLI_ID)
    assert customer is not None
    return customer
