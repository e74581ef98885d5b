"""What ought to become of a customer of the plan, told without the product's rules: a page of plain Python."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from tests.integration.model.plan import REPLIED_FOR, SILENCE, Edit
from tests.integration.model.visit import DAY, ZONE, Standing, Visit

WEIGHTS = {"cold": 5, "new": 10, "hot": 20, "won": 30}
TAG_OF = {"cold": "silent", "hot": "keen", "won": "ordered"}


@dataclass
class Person:
    """One customer. `late` is how late the cloud's schedules are."""

    late: timedelta
    history: list[Standing] = field(default_factory=list)
    ties: set[str] = field(default_factory=set)
    consent: tuple[bool, datetime] | None = None
    is_held: bool = False
    birthday: str | None = None
    last_message: datetime | None = None
    replied_until: datetime | None = None
    price_days: list[date] = field(default_factory=list)
    tags: set[str] = field(default_factory=set)
    orders: dict[str, datetime] = field(default_factory=dict)
    news: set[str] = field(default_factory=set)
    timers: list[tuple[datetime, datetime]] = field(default_factory=list)
    visits: list[Visit] = field(default_factory=list)
    stage: str | None = None
    is_paused: bool = False
    pauses: list[tuple[datetime, datetime | None]] = field(default_factory=list)
    follows: int = 0

    def follow(self, staff: str, at: datetime, edit: Edit) -> None:
        """They add a staff member; two days and two hours later somebody looks whether they have said anything."""
        self.ties.add(staff)
        self.follows += 1
        self.news.add("followed")
        self.timers.append((at + SILENCE + self.late, at))
        self.settle(at, edit)

    def unfollow(self, staff: str, at: datetime, edit: Edit) -> None:
        """They drop a staff member."""
        self.ties.discard(staff)
        self.settle(at, edit)

    def tell(self, what: str, at: datetime, now: datetime, edit: Edit, text: str = "") -> None:
        """Something that happened at one instant is told at another."""
        getattr(self, f"take_{what}")(at, text)
        self.settle(now, edit)

    def take_message(self, at: datetime, text: str) -> None:
        """A message is an answer, and may be a refusal."""
        self.last_message = max(self.last_message or at, at)
        self.replied_until = max(self.replied_until or at, at + REPLIED_FOR)
        self.tags.discard("silent")
        if text == "退订":
            self.take_withdrawal(at, "")

    def take_withdrawal(self, at: datetime, _text: str) -> None:
        """They want nothing more."""
        self.consent = (False, at) if self.consent is None or self.consent[1] <= at else self.consent

    def take_consent(self, at: datetime, _text: str) -> None:
        """They want to hear from us."""
        self.consent = (True, at) if self.consent is None or self.consent[1] <= at else self.consent

    def take_price(self, at: datetime, _text: str) -> None:
        """Two looks at the prices in three days make them keen."""
        day = at.astimezone(ZONE).date()
        self.price_days.append(day)
        if sum(day - 2 * DAY <= one <= day for one in self.price_days) >= 2:
            self.earn("keen")

    def take_order(self, at: datetime, number: str) -> None:
        """They buy something."""
        self.orders[number] = max(self.orders.get(number, at), at + 90 * DAY)
        self.earn("ordered")

    def take_birthday(self, _at: datetime, day: str) -> None:
        """Somebody tells their birthday."""
        self.birthday = day

    def take_hold(self, _at: datetime, ends: str) -> None:
        """An operator holds everything of theirs, or lets it go on."""
        self.is_held = not ends

    def earn(self, tag: str) -> None:
        """They get a tag, or get it again."""
        self.tags.add(tag)
        self.news.add(tag)

    def pause(self, now: datetime) -> None:
        """An operator pauses the main run."""
        self.is_paused = True
        self.pauses.append((now, None))

    def resume(self, now: datetime, edit: Edit) -> None:
        """An operator lets it go on; where nothing is left to do, it is over."""
        self.release(now)
        self.settle(now, edit)
        if self.stage == "won":
            self.leave(now)

    def release(self, now: datetime) -> None:
        """The pause is over."""
        if self.is_paused:
            self.is_paused = False
            self.pauses[-1] = (self.pauses[-1][0], now)

    def pass_time(self, now: datetime, edit: Edit) -> None:
        """Look at everybody whose time is over."""
        for due, followed_at in sorted(timer for timer in self.timers if timer[0] <= now):
            self.timers.remove((due, followed_at))
            if self.last_message is None or self.last_message <= followed_at:
                self.earn("silent")
                self.settle(due, edit)

    def settle(self, now: datetime, edit: Edit) -> None:
        """Note where they stand, and move them."""
        consents = self.consent is None or self.consent[0]
        known = (self.replied_until, self.birthday)
        self.history.append(Standing(now, frozenset(self.ties), consents, self.is_held, *known))
        self.begin_orders(now, edit)
        if self.stage is None:
            self.enter(now, edit)
        elif not self.ties:
            self.leave(now)
        else:
            self.move(now)

    def begin_orders(self, now: datetime, edit: Edit) -> None:
        """Every order has a run of its own."""
        begun = {visit.run for visit in self.visits}
        runs = [f"order#{number}" for number in self.orders if f"order#{number}" not in begun]
        self.visits += [Visit(run, "thanks", now, edit) for run in runs]

    def enter(self, now: datetime, edit: Edit) -> None:
        """Who has followed (again) begins, at the furthest stage that they have earned."""
        if self.ties and "followed" in self.news:
            earned = [stage for stage in TAG_OF if self.has(TAG_OF[stage], now)]
            self.stay(max(earned, key=WEIGHTS.__getitem__, default="new"), now, edit)

    def move(self, now: datetime) -> None:
        """What they earned since the stage began takes them further, or back into the cold."""
        assert self.stage
        earned = [stage for stage in TAG_OF if TAG_OF[stage] in self.news and self.has(TAG_OF[stage], now)]
        ahead = [stage for stage in earned if stage == "cold" or WEIGHTS[stage] > WEIGHTS[self.stage]]
        if others := [stage for stage in ahead if stage != self.stage]:
            self.stay(max(others, key=WEIGHTS.__getitem__), now, self.main_visits()[-1].edit)

    def stay(self, stage: str, now: datetime, edit: Edit) -> None:
        """They are in a stage from now on; having bought ends the run unless somebody holds it."""
        self.end_visit(now)
        self.visits.append(Visit("main", stage, now, edit))
        self.stage, self.news = stage, set()
        if stage == "won" and not self.is_paused:
            self.leave(now)

    def leave(self, now: datetime) -> None:
        """Their run ends."""
        self.end_visit(now)
        self.release(now)
        self.stage, self.news = None, set()

    def end_visit(self, now: datetime) -> None:
        """The stage that they are in ends."""
        if self.stage:
            self.main_visits()[-1].until = now

    def main_visits(self) -> list[Visit]:
        """Return the visits of the main journey, oldest first."""
        return [visit for visit in self.visits if visit.run == "main"]

    def has(self, tag: str, now: datetime) -> bool:
        """Whether they have a tag; that of an order lapses."""
        return any(until > now for until in self.orders.values()) if tag == "ordered" else tag in self.tags

    def standings(self, moment: datetime) -> Iterator[Standing]:
        """Yield how they stood at a moment: in an instant in which several things happened, in several ways."""
        before = [standing for standing in self.history if standing.at < moment]
        yield from before[-1:]
        yield from (standing for standing in self.history if standing.at == moment)


class Reference:
    """Everybody, and which version of the plan is live."""

    def __init__(self, late: timedelta, edit: Edit) -> None:
        self.edit = edit
        self.people: dict[str, Person] = defaultdict(lambda: Person(late))

    def pass_time(self, now: datetime) -> None:
        """Let time pass for everybody."""
        for person in self.people.values():
            person.pass_time(now, self.edit)
