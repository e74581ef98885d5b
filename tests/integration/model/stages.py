"""Where everybody is, and where they ought to be."""

from chalicelib.domain.enrolment import Enrolment
from tests.integration.model.reference import Person
from tests.integration.model.scene import PEOPLE, SECOND, Scene
from tests.integration.model.trouble import RETRIES
from tests.integration.model.visit import Visit


def stages_agree(scene: Scene) -> None:
    """Everybody is in the stage in which they ought to be, by the version by which they entered."""
    for who in PEOPLE:
        person, runs = scene.person(who), {run.run: run for run in scene.runs_of(who)}
        main = runs.get("main")
        is_running = main is not None and main.state in ("active", "paused")
        found = (main.stage, main.state == "paused") if main and is_running else None
        assert found == ((person.stage, person.is_paused) if person.stage else None), (who, found, person, main)
        current = {visit.run: visit for visit in person.visits}
        assert set(runs) <= set(current), (who, runs)
        for visit in current.values():
            if visit.until is None:
                entered_alike(scene, person, visit, runs[visit.run])


def entered_alike(scene: Scene, person: Person, visit: Visit, run: Enrolment) -> None:
    """They entered it when they ought to have; from here on the product's own instant counts."""
    slack = RETRIES if scene.troubles.felt(run.stage_entered_at, RETRIES) else 3 * SECOND
    assert visit.since <= run.stage_entered_at + SECOND, (visit, run)
    assert run.stage_entered_at - visit.since <= slack, (visit, run)
    assert (run.stage, run.playbook_version) == (visit.stage, visit.edit.version), (visit, run)
    for other in person.visits:
        if other.run == visit.run and other.until == visit.since:
            other.until = run.stage_entered_at
    visit.since = run.stage_entered_at
