"""What must be true of the loop whatever happened to it."""

from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta

from chalicelib.domain.push import Push
from chalicelib.services.account_for_steps import account_for_steps
from chalicelib.services.find_person import person_of
from chalicelib.services.walk_back import BEHAVIOUR, walk_back
from infra.local.wecom.state.group_sends import GroupSend
from tests.integration.model.scene import PEOPLE, SECOND, Scene
from tests.integration.model.tables import is_stored_what_was_told, nothing_is_set_aside
from tests.integration.model.trouble import RETRIES
from tests.integration.model.visit import DAY, MINUTE, STEPS, ZONE, Visit

SETTLED = ("delivered", "failed", "skipped")
LATE = timedelta(hours=1)


def nothing_is_wrong(scene: Scene) -> None:
    """Nothing was done that must not be done."""
    rows = scene.pushes()
    for who in PEOPLE:
        pushes = pushes_of(scene, who, rows)
        for push in pushes:
            was_allowed(scene, who, push)
        keeps_caps(scene, who, pushes)
        nothing_came_twice(scene, who, pushes)
    nobody_was_woken(scene)
    is_stored_what_was_told(scene)
    nothing_is_set_aside(scene)


def pushes_of(scene: Scene, who: str, rows: list[Push]) -> list[Push]:
    """Return somebody's pushes but the welcomes, in the order in which they were decided."""
    mine = scene.customer_id(who)
    return [row for row in rows if (row.customer_id, row.channel) == (mine, "group_send")]


def visit_of(scene: Scene, who: str, push: Push) -> Visit:
    """Return the stay that a push belongs to: the last one in its stage that had begun."""
    stays = [visit for visit in scene.person(who).visits if (visit.run, visit.stage) == (push.run, push.stage)]
    begun = [visit for visit in stays if visit.since <= push.planned_at]
    assert begun, (who, push, stays)
    return begun[-1]


def was_allowed(scene: Scene, who: str, push: Push) -> None:
    """A step ran in its stage, not too early, and was sent if and only if nothing spoke against it."""
    visit, person, at = visit_of(scene, who, push), scene.person(who), push.planned_at
    slack = RETRIES if scene.troubles.felt(at) else SECOND
    due = visit.due_at(push.step, person.birthday)
    assert push.content == f"plan@{visit.edit.version}/{push.step}", (visit, push)
    assert visit.until is None or at <= visit.until + slack + scene.late, (visit, push)
    assert push.reason == "no_date" or (due and due - SECOND <= at), (visit, due, push)
    assert not any(start < at < (end or at) for start, end in person.pauses if push.run == "main"), (person, push)
    if scene.troubles.felt(at, RETRIES):
        return  # decided before, perhaps, and only done now
    stood = [standing.objections(push.step, at) for standing in person.standings(at)]
    if push.state != "skipped":
        assert set() in stood, (who, stood, push)
        assert not visit.is_quiet(at), (visit, push)
    elif not (push.reason or "").startswith("cap_"):
        known = set().union(*stood) | timely_reasons(visit, due, at)
        assert push.reason in known, (who, known, push)


def timely_reasons(visit: Visit, due: datetime | None, at: datetime) -> set[str]:
    """Return what speaks against sending now, because of the hour."""
    quiet = {"quiet_hours"} if visit.is_quiet(at) else set()
    return quiet | ({"late"} if due and at - due > LATE else set())


def keeps_caps(scene: Scene, who: str, pushes: list[Push]) -> None:
    """Nobody gets more in a day or a week than their plan allows, and who is refused for a cap has had as many."""
    given: list[datetime] = []
    for push in pushes:
        edit = visit_of(scene, who, push).edit
        today = push.planned_at.astimezone(ZONE).date()
        days = [at.astimezone(ZONE).date() for at in given]
        counts = {"cap_day": (days.count(today), edit.cap_day),
                  "cap_week": (sum(day.isocalendar()[:2] == today.isocalendar()[:2] for day in days), edit.cap_week)}
        if push.state != "skipped":
            given.append(push.planned_at)
            assert all(number < cap for number, cap in counts.values()), (who, counts, push)
        elif push.reason in counts and not scene.troubles.struck:
            number, cap = counts[push.reason]
            assert number >= cap, (who, counts, push)


def nothing_came_twice(scene: Scene, who: str, pushes: list[Push]) -> None:
    """A content of a visit is planned once, is in one task, and comes once; a follow is greeted once."""
    visits = Counter(
        visit.edit.text(step)
        for visit in scene.person(who).visits for step in STEPS[visit.stage] if visit.until != visit.since
    )
    steps = Counter((id(visit_of(scene, who, push)), push.step) for push in pushes)
    assert all(number == 1 for number in steps.values()), (who, pushes)
    tasks = Counter(task.content.text for task in tasks_of(scene) if who in receivers_of(task))
    assert tasks <= visits, (who, tasks, visits)
    inbox = scene.cloud.wecom.inbox(who)
    came = Counter(message.content.text for message in inbox if message.source == "group_send")
    assert came <= tasks, (who, came, tasks)
    assert sum(message.source == "welcome" for message in inbox) <= scene.person(who).follows, (who, inbox)


def tasks_of(scene: Scene) -> list[GroupSend]:
    """Return the platform's group-sends."""
    return list(scene.cloud.wecom.state.corp("wwcorp").group_sends.values())


def receivers_of(task: GroupSend) -> set[str]:
    """Return who is to get a group-send."""
    return {who for receivers in task.receivers.values() for who in receivers}


def nobody_was_woken(scene: Scene) -> None:
    """No task came to the staff in quiet hours, unless it was held up by a fault or by the cloud."""
    stays = {visit.edit.version: visit for person in scene.reference.people.values() for visit in person.visits}
    for task in tasks_of(scene):
        visit = stays[int(task.content.text.split()[1])]
        was_held_up = scene.late or scene.troubles.felt(task.created_at, 20 * MINUTE)
        was_quiet = visit.is_quiet(task.created_at) and visit.is_quiet(task.created_at - MINUTE)
        assert was_held_up or not was_quiet, (visit, task)


def everything_is_accounted_for(scene: Scene) -> None:
    """What was due is sent, or has a reason; what the platform has, we know."""
    found = account_for_steps(scene.now, scene.late + 20 * MINUTE)
    assert found.due_unaccounted == 0, found
    rows = scene.pushes()
    assert {task.msgid for task in tasks_of(scene)} <= scene.msgids(), (tasks_of(scene), scene.msgids())
    for who in PEOPLE:
        done = {(id(visit_of(scene, who, push)), push.step) for push in pushes_of(scene, who, rows)}
        for visit in scene.person(who).visits:
            missing = [step for step in steps_due(scene, who, visit) if (id(visit), step) not in done]
            assert not missing, (who, visit, missing, scene.runs_of(who))


def steps_due(scene: Scene, who: str, visit: Visit) -> Iterator[str]:
    """Yield the steps of a stay that must be done by now, however late, held up and quiet it was."""
    person = scene.person(who)
    end = min(visit.until or scene.now, scene.now)
    pauses = [pause for pause in person.pauses if visit.run == "main" and (pause[1] or end) > visit.since]
    if any(until is None for _, until in pauses):
        return
    resumed = max((until for _, until in pauses if until), default=visit.since)
    known = next((one.at for one in person.history if one.birthday), end)
    for step in STEPS[visit.stage]:
        due = visit.due_at(step, person.birthday)
        if due and ready_at(scene, visit, max(due, resumed, known if step == "birthday" else due)) <= end:
            yield step


def ready_at(scene: Scene, visit: Visit, due: datetime) -> datetime:
    """Return by when a step must be done that is due at an instant."""
    grace = RETRIES if scene.troubles.struck else MINUTE
    found = due + scene.late
    quiet = [moment for moment in (due, found, found + grace) if visit.is_quiet(moment)]
    return (visit.quiet_until(quiet[-1]) + scene.late if quiet else found) + grace


def everything_is_at_rest(scene: Scene) -> None:
    """When all is over, every push has its fate and its cause, and nothing runs any more."""
    scene.go_on(400 * DAY)
    nothing_is_wrong(scene)
    everything_is_accounted_for(scene)
    assert scene.cloud.runner.next_moment() is None
    for push in scene.pushes():
        assert push.state in (SETTLED if push.channel == "group_send" else (*SETTLED, "unknown")), push
        assert push.state == "delivered" or push.reason, push
        causes = walk_back(push.key, person_of(push.customer_id))
        assert causes[-1].line, (push, causes)
        assert BEHAVIOUR.fullmatch(causes[-1].key), (push, causes)
    before = len(scene.cloud.invocations)
    scene.cloud.run_for(30 * DAY)
    assert len(scene.cloud.invocations) == before
