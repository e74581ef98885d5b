"""The guests: they follow by real callbacks, and a shop's promise makes a step due for all of them."""

import json
import time
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from http.client import HTTPConnection
from typing import Any
from urllib.parse import urlsplit

from infra.failure import Failure
from infra.local.demo.scene import ACCOUNT, CORP, Scene
from infra.local.demo.tracking import Tracker
from infra.local.festival.playbook import GIFTS, PROMISED, file_of
from infra.local.festival.watch import until
from infra.local.wecom import CallbackDriver

LANES = 4
A_CALL = 100
TRIES = 5
STALLED = 600.0
SEEN = 31.0
ALL = 100_000  # the emulator gives one page, as long as it is told
OF_STEPS = "s-"
ROWS_A_STEP = 2  # in the pushes table: the push, and its customer's allowance


@dataclass(frozen=True)
class Guest:
    """A customer, whose they are, and what they are promised."""

    external_userid: str
    staff: str
    gift: str


def guests_of(number: int, staff: Sequence[str]) -> list[Guest]:
    """Return the guests, spread evenly over the staff and, within each of them, over the gifts."""
    gifts = list(GIFTS)
    return [
        Guest(f"wmGUEST{place:05d}", staff[place % len(staff)], gifts[place // len(staff) % len(gifts)])
        for place in range(number)
    ]


@dataclass(frozen=True)
class Crowd:
    """The guests of one scene."""

    scene: Scene
    guests: Sequence[Guest]

    def come(self) -> float:
        """Let everybody follow; return after how many seconds each is a known customer. Raises Failure."""
        with ThreadPoolExecutor(LANES) as pool:
            following = [pool.submit(self.follow, guest) for guest in self.guests]
            taking = until(lambda: sum(map(taken, following)), len(self.guests), "callbacks taken")
        return taking + until(lambda: self.size_of("customers"), len(self.guests), "customers known")

    def follow(self, guest: Guest) -> None:
        """Let one follow; what the product did not acknowledge is delivered again. Raises Failure."""
        world = self.scene.world
        delivery = world.follow(guest.staff, guest.external_userid).deliveries[ACCOUNT]
        driver = CallbackDriver.of(world.state.account(ACCOUNT), world.now)
        for _ in range(TRIES):
            if delivery.is_accepted:
                return
            sent = next(each.xml for each in reversed(world.emitted) if guest.external_userid in each.xml)
            delivery = driver.deliver(sent)
        raise Failure(f"the callback about {guest.external_userid} was not taken: {delivery.status} {delivery.error}")

    def are_promised(self, at_once: int = A_CALL, pause: float = 0.0) -> None:
        """Report to all what they will get; return when each is on a journey. Raises Failure.

        One staff member and one gift after the other: what shall share a group-send then comes due together, also on a
        shortened clock, where each waits from their own report on. `pause`: seconds between two calls of `at_once`.
        """
        guests = sorted(self.guests, key=lambda guest: (guest.staff, guest.gift))
        for start in range(0, len(guests), at_once):
            self.report(guests[start : start + at_once])
            time.sleep(pause)
        until(lambda: self.size_of("enrolments"), len(self.guests), "customers on their journey")

    def opens(self, opens_at: datetime) -> None:
        """Publish another instant, and wait until every function has seen it: they look twice a minute."""
        self.scene.operator.said("publish", str(file_of(opens_at)))
        time.sleep(SEEN)

    def report(self, guests: Sequence[Guest]) -> None:
        """Make one call of the tracking API. Raises Failure when it is not taken."""
        place = urlsplit(self.scene.outputs.api_url)
        tracker = Tracker(self.scene.outputs.api_url, self.scene.write_key, CORP)
        events = [tracker.message("track", each.external_userid, PROMISED, {"gift": each.gift}) for each in guests]
        body = json.dumps({"batch": events}).encode()
        connection = HTTPConnection(str(place.hostname), place.port, timeout=60)
        try:
            connection.request("POST", f"{place.path}/v1/batch", body, tracker.headers)
            answer = connection.getresponse()
            told = answer.read().decode()
        finally:
            connection.close()
        if answer.status != 200:
            raise Failure(f"the tracking API answers {answer.status}: {told[:200]}")

    def size_of(self, table: str) -> int:
        """Return how many items a table has; the emulator counts them at once."""
        name = f"{self.scene.outputs.stack}-{table}"
        return int(self.scene.emulator.client("dynamodb").describe_table(TableName=name)["Table"]["ItemCount"])

    def schedules(self) -> list[str]:
        """Return the names of all schedules that have not fired; those of steps begin with `s-`."""
        scheduler, group = self.scene.emulator.client("scheduler"), self.scene.outputs.values["ScheduleGroupName"]
        found = scheduler.list_schedules(GroupName=group, MaxResults=ALL)["Schedules"]
        return [each["Name"] for each in found]

    def schedule(self, name: str) -> tuple[datetime, dict[str, Any]]:
        """Return when a one-shot schedule fires, and what it says then."""
        scheduler, group = self.scene.emulator.client("scheduler"), self.scene.outputs.values["ScheduleGroupName"]
        found = scheduler.get_schedule(GroupName=group, Name=name)
        instant = datetime.strptime(found["ScheduleExpression"], "at(%Y-%m-%dT%H:%M:%S)").replace(tzinfo=UTC)
        return instant, json.loads(found["Target"]["Input"])

    @property
    def reached(self) -> Counter[str]:
        """How many group-sends landed on each guest's phone; staff confirm meanwhile what is theirs to confirm."""
        world = self.scene.world
        world.waiting()
        with world.lock:
            inboxes = world.state.corp(CORP).inboxes
            return Counter({
                guest.external_userid: sum(one.source == "group_send" for one in inboxes.get(guest.external_userid, ()))
                for guest in self.guests
            })

    def are_reached(self, ahead: float = 0.0) -> float:
        """Wait until every guest has received something; return after how many seconds. Raises Failure.

        `ahead`: seconds until the instant at which the first is due.
        """
        stalled = max(ahead, 0.0) + STALLED
        running = until(lambda: self.size_of("pushes") // ROWS_A_STEP, len(self.guests), "steps run", stalled)
        return running + until(
            lambda: sum(map(bool, self.reached.values())), len(self.guests), "customers reached", stalled
        )


def taken(following: Any) -> bool:
    """Whether one has followed. Raises what went wrong."""
    return following.done() and following.result() is None
