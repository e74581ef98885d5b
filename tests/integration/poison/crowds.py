"""For every function: many good records, and a bad one in the middle."""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import timedelta

from chalicelib.domain.enrolment import Enrolment
from chalicelib.domain.push import digest
from chalicelib.models.behaviours import BehaviourRow
from chalicelib.models.customers import CustomerRow
from chalicelib.models.enrolments import EnrolmentRow
from chalicelib.models.identities import IdentityRow
from chalicelib.models.pushes import PushRow
from chalicelib.schemas.wakeups import BatchDue, StepDue, TimerDue, Wakeup
from tests.harness.wecom import WecomCloud
from tests.integration.outgoing.scene import STAFF, push_to
from tests.integration.poison.scene import spoiled
from tests.unit.loop.world import customer, enrolment, friend

HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
Effects = Callable[[], Iterable[str]]


@dataclass(frozen=True)
class Crowd:
    """What was prepared: everybody, the one whose record is bad, what repairs it, and whom records have had effect on.

    `effects` gives a name for every effect, so that one who is hit twice is there twice.
    """

    everybody: tuple[str, ...]
    bad: str
    mend: Callable[[], None]
    effects: Effects

    @property
    def unharmed(self) -> Counter[str]:
        """The effects when everybody but the one had theirs, once."""
        return Counter(name for name in self.everybody if name != self.bad)


def people(size: int) -> tuple[tuple[str, ...], str]:
    """Return everybody, and the one in the middle."""
    names = tuple(f"wm{number:05d}" for number in range(size))
    return names, names[size // 2]


def run_of(cloud: WecomCloud, name: str, due_in: timedelta) -> Enrolment:
    """Return a customer's run, whose first step comes due."""
    now = cloud.now
    return enrolment(customer_id=name, entered_at=now, stage_entered_at=now, since=now, due_at=now + due_in)


def known(cloud: WecomCloud, name: str, *tags: str) -> None:
    """Store a customer who is a friend of li."""
    tie = friend(since=cloud.now).model_copy(update={"external_userid": name})
    CustomerRow.store(customer(*tags, relations={"main/li": tie}).model_copy(update={"customer_id": name}))


def wake(cloud: WecomCloud, queue: str, wakeup: Wakeup, **parameters: str) -> None:
    """Put a wake-up on a queue, as a schedule does."""
    arn = next(arn for arn in cloud.queues.by_arn if arn.endswith(f"{cloud.stack.name}-{queue}"))
    cloud.queues.put(arn, wakeup.model_dump_json(), parameters)


def moved(cloud: WecomCloud, size: int) -> Crowd:
    """Customers were tagged, and enter a journey; of one an earlier run cannot be read."""
    names, bad = people(size)
    EnrolmentRow.store(run_of(cloud, bad, HOUR).model_copy(update={"run": "order#A1", "journey": "order"}))
    for name in names:
        known(cloud, name, "followed")
    mend = spoiled(cloud, "enrolments", customer_id=bad, run="order#A1")
    return Crowd(names, bad, mend, lambda: [row.customer_id for row in EnrolmentRow.scan() if row.run == "main"])


def scheduled(cloud: WecomCloud, size: int) -> Crowd:
    """Runs began; one cannot be read."""
    names, bad = people(size)
    wakeups = {f"s-{digest(name, 'main')}-1": name for name in names}
    for name in names:
        EnrolmentRow.store(run_of(cloud, name, HOUR))
    mend = spoiled(cloud, "enrolments", customer_id=bad, run="main")
    waiting = cloud.schedules.groups[cloud.stack.name]
    return Crowd(names, bad, mend, lambda: [wakeups[name] for name in waiting])


def greeted(cloud: WecomCloud, size: int) -> Crowd:
    """Customers follow; one follow cannot be read."""
    names, bad = people(size)
    for name in names:
        cloud.wecom.follow("li", name)
    [follow] = BehaviourRow.query(f"wecom:wwcorp:{bad}")
    mend = spoiled(cloud, "behaviours", subject=follow.subject, position=follow.position)
    return Crowd(names, bad, mend, lambda: [name for name in names for _ in cloud.wecom.inbox(name)])


def stepped(cloud: WecomCloud, size: int) -> Crowd:
    """Steps are due; one run cannot be read."""
    names, bad = people(size)
    for name in names:
        known(cloud, name)
        EnrolmentRow.store(run_of(cloud, name, timedelta(0)))
        wake(cloud, "due-steps", StepDue(customer_id=name, run="main", version=1))
    mend = spoiled(cloud, "enrolments", customer_id=bad, run="main")
    return Crowd(names, bad, mend, lambda: [row.customer_id for row in PushRow.scan() if row.state == "planned"])


def delivered(cloud: WecomCloud, size: int) -> Crowd:
    """Batches of one customer each are due; the push in one cannot be read."""
    names, bad = people(size)
    for name in names:
        cloud.wecom.follow(STAFF, name)
        push = push_to(name, cloud.now, batch=f"main/{STAFF}/demo@1/hello/{name}")
        PushRow.plan(push)
        wake(cloud, "pushes.fifo", BatchDue(batch=push.batch, bucket=1), MessageGroupId=digest(push.batch))
    mend = spoiled(cloud, "pushes", batch=f"main/{STAFF}/demo@1/hello/{bad}", member=digest("push", bad))
    made = cloud.wecom.state.corps["wwcorp"].group_sends
    return Crowd(names, bad, mend, lambda: [who for send in made.values() for who in send.receivers[STAFF]])


def collected(cloud: WecomCloud, size: int) -> Crowd:
    """Batches were delivered and confirmed, and their results are due; the push in one cannot be read."""
    whole = delivered(cloud, size)
    whole.mend()
    cloud.run_for(5 * MINUTE)
    cloud.wecom.confirm_all()
    mend = spoiled(cloud, "pushes", batch=f"main/{STAFF}/demo@1/hello/{whole.bad}", member=digest("push", whole.bad))
    return Crowd(whole.everybody, whole.bad, mend, lambda: told("chaoxi.push_delivered"))


def timed(cloud: WecomCloud, size: int) -> Crowd:
    """Spans of time are over; whose one is cannot be read."""
    names, bad = people(size)
    for name in names:
        subject = f"wecom:wwcorp:{name}"
        IdentityRow.link(subject, name, "test", cloud.now)
        due = TimerDue(subject=subject, account="main", rule="demo/silent", because="test", due_at=cloud.now)
        wake(cloud, "timers", due)
    mend = spoiled(cloud, "identities", identity=f"wecom:wwcorp:{bad}")
    return Crowd(names, bad, mend, lambda: told("chaoxi.time_passed"))


def told(name: str) -> list[str]:
    """Return the customers whom behaviours of a name are about."""
    return [row.subject.rpartition(":")[2] for row in BehaviourRow.scan() if row.value.name == name]
