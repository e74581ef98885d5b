"""Everything that may happen to the loop, in any order."""

from collections.abc import Callable
from datetime import datetime, timedelta

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from infra.local.wecom.acts.confirmations import ConfirmPolicy
from tests.harness.delivery import Delivery
from tests.integration.model.laws import everything_is_accounted_for, everything_is_at_rest, nothing_is_wrong
from tests.integration.model.plan import HOUR, Edit
from tests.integration.model.scene import EVENTS, PEOPLE, SECOND, STAFF, Scene
from tests.integration.model.stages import stages_agree
from tests.integration.model.trouble import AFTERMATH, CALLS, MOMENTS, PATHS, PLATFORM, Fault
from tests.integration.model.visit import DAY, MINUTE, ZONE

people = st.sampled_from(PEOPLE)
tellings = st.tuples(
    people,
    st.sampled_from(["price", "price", "message", *EVENTS]),
    st.sampled_from([timedelta(0), timedelta(0), 10 * MINUTE, 5 * HOUR, 3 * DAY]),
    st.booleans(),
    st.sampled_from(["A1", "A2", "退订"]),
)
edits = st.builds(
    Edit,
    nudge=st.integers(1, 3),
    offer=st.sampled_from([1, 10, 40]),
    day2_at=st.sampled_from(["20:30", "09:30", "22:20", "23:55"]),
    day2_late=st.sampled_from(["wait", "skip"]),
    quiet=st.sampled_from([("22:30", "07:00"), ("12:00", "14:00"), None]),
    cap_day=st.integers(1, 2),
    cap_week=st.integers(2, 5),
)
spans = st.sampled_from([MINUTE, 5 * MINUTE, 20 * MINUTE, HOUR, 2 * HOUR, 5 * HOUR, 12 * HOUR, DAY, 3 * DAY, 9 * DAY])
troubles = st.tuples(st.sampled_from(CALLS), st.sampled_from(["killed after", *sorted(MOMENTS)]))
clocks = st.sampled_from([(0, 0), (6, 59), (7, 0), (10, 1), (20, 29), (22, 19), (22, 31), (23, 54)])


def moment_of(until: timedelta | tuple[int, int] | str, now: datetime) -> datetime:
    """Return an instant: after a span, at the next such time of day, or a minute before the next month."""
    if isinstance(until, timedelta):
        return now + until
    if isinstance(until, tuple):
        today = now.astimezone(ZONE).replace(hour=until[0], minute=until[1], second=0, microsecond=0)
        return today if today > now else today + DAY
    first = now.astimezone(ZONE).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    return (first + 32 * DAY).replace(day=1) - MINUTE


class Loop(RuleBasedStateMachine):
    """The product under anything that customers, operations, the cloud and the platform may do."""

    is_fine = True

    @initialize(
        duplicates=st.sampled_from([False, True, True]),
        seed=st.none() | st.integers(0, 99),
        late=st.sampled_from([0, 0, 10, 180]),
        cold=st.sampled_from([False, False, False, False, True]),
        confirming=st.sampled_from([None, ConfirmPolicy(10 * MINUTE), ConfirmPolicy(3 * HOUR, 0.7)]),
        first=st.lists(people, max_size=3, unique=True),
        edit=edits,
        trouble=st.lists(troubles, max_size=3),
    )
    def begin(self, duplicates, seed, late, cold, confirming, first, edit, trouble) -> None:
        self.scene = Scene(Delivery(duplicates=duplicates, seed=seed, late=late * MINUTE, cold=cold), edit)
        self.scene.cloud.wecom.set_confirm_policy(confirming)
        for who in (PEOPLE[0], *(one for one in first if one != PEOPLE[0])):
            self.scene.follow(who, "li")
        for each in trouble:
            self.break_down(each)

    @rule(who=people, staff=st.sampled_from(STAFF))
    def comes(self, who: str, staff: str) -> None:
        if staff not in self.scene.person(who).ties:
            self.scene.follow(who, staff)

    @rule(who=people)
    def goes(self, who: str) -> None:
        for staff in sorted(self.scene.person(who).ties)[:1]:
            self.scene.unfollow(who, staff)

    @rule(told=st.lists(tellings, min_size=1, max_size=3))
    def tell(self, told: list[tuple[str, str, timedelta, bool, str]]) -> None:
        for who, what, ago, is_repeated, text in told:
            self.scene.tell(who, what, ago, is_repeated, text)

    @rule(who=people, times=st.integers(1, 2))
    def looks_at_the_prices(self, who: str, times: int) -> None:
        for _ in range(times):
            self.scene.tell(who, "price", timedelta(0), is_repeated=False)

    @rule(who=people, what=st.sampled_from(["message", "order"]))
    def answers_or_orders(self, who: str, what: str) -> None:
        self.scene.tell(who, what, timedelta(0), is_repeated=False, text="A3")

    @rule(act=st.sampled_from(["hold", "pause", "publish", "confirm"]), who=people, edit=edits)
    def somebody_works(self, act: str, who: str, edit: Edit) -> None:
        person = self.scene.person(who)
        if act == "hold" and person.history:
            self.scene.hold(who, not person.is_held)
        elif act == "pause" and person.stage:
            self.scene.resume(who) if person.is_paused else self.scene.pause(who)
        elif act == "publish":
            self.scene.publish(edit)
        else:
            self.scene.cloud.wecom.confirm_all()

    @rule(trouble=troubles)
    def something_breaks(self, trouble: tuple[tuple[str, str, int], Fault]) -> None:
        self.break_down(trouble)

    def break_down(self, trouble: tuple[tuple[str, str, int], Fault]) -> None:
        """Let a call go wrong when it is made next."""
        (function, of, call), fault = trouble
        self.scene.troubles.arm(function, fault, call, of)

    @rule(path=st.sampled_from(PATHS), how=st.sampled_from(PLATFORM), times=st.integers(1, 2))
    def the_platform_stumbles(self, path: str, how: tuple[str, int], times: int) -> None:
        self.scene.troubles.annoy(path, *how, times)

    @rule(until=spans | clocks | st.just("the next month"))
    def wait(self, until: timedelta | tuple[int, int] | str) -> None:
        self.pass_time(moment_of(until, self.scene.now))

    @precondition(lambda self: self.next_step() is not None)
    @rule(later=st.sampled_from([SECOND, MINUTE, 4 * MINUTE]))
    def wait_for_a_step(self, later: timedelta) -> None:
        due = self.next_step()
        assert due
        self.pass_time(due + self.scene.late + later)

    @rule(clock=clocks)
    def wait_until(self, clock: tuple[int, int]) -> None:
        today = self.scene.now.astimezone(ZONE).replace(hour=clock[0], minute=clock[1], second=0, microsecond=0)
        self.pass_time(today if today > self.scene.now else today + DAY)

    @rule()
    def wait_for_the_next_month(self) -> None:
        first = self.scene.now.astimezone(ZONE).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
        self.pass_time((first + 32 * DAY).replace(day=1) - MINUTE)

    def pass_time(self, moment: datetime) -> None:
        """Go to a moment, and judge."""
        self.scene.go_on(max(moment - self.scene.now, SECOND))
        self.judge(nothing_is_wrong)
        if not self.scene.troubles.felt(self.scene.now):
            self.judge(everything_is_accounted_for)

    def judge(self, law: Callable[[Scene], None]) -> None:
        """Hold the scene against a law; what is broken need not be played to its end."""
        self.is_fine = False
        law(self.scene)
        self.is_fine = True

    @invariant()
    def everybody_is_where_they_ought_to_be(self) -> None:
        if hasattr(self, "scene"):
            self.scene.go_on(2 * SECOND)
            self.judge(stages_agree)

    def teardown(self) -> None:
        """Let everything come to its end, judge for the last time, and see that nothing is left running."""
        if hasattr(self, "scene"):
            try:
                self.end() if self.is_fine else None
            finally:
                self.scene.close()

    def end(self) -> None:
        """Let everything come to its end: a day on which what is armed may still strike, and then nothing more."""
        self.pass_time(self.scene.now + DAY)
        self.scene.troubles.calm()
        self.pass_time(self.scene.now + AFTERMATH + 2 * self.scene.late)
        self.judge(everything_is_accounted_for)
        self.scene.cloud.wecom.confirm_all()
        self.judge(everything_is_at_rest)

    def next_step(self) -> datetime | None:
        """Return when the next step of anybody is due, as the product plans it."""
        runs = (run for who in PEOPLE for run in self.scene.runs_of(who)) if hasattr(self, "scene") else ()
        return min((run.due_at for run in runs if run.due_at), default=None)
