"""From due to called: how long after its instant a step's group-send is called for, on the emulator.

The emulator looks at its schedules every ten seconds; a step waits for that however fast the product is. So both are
measured: from the instant that the schedule names, and from the moment at which it fired. Gathering is in both: here a
second, and a queue's delay of two (60 and 75 in the cloud). Steps come due at a pace that the emulator keeps up with:
this is a lag, not a throughput.
"""

import threading
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime
from statistics import quantiles

from infra.local.demo.reading import Reader
from infra.local.demo.scene import CORP, Scene
from infra.local.demo.watch import Watch
from infra.local.festival.crowd import OF_STEPS, Crowd
from infra.local.festival.stage import Festival, stage
from infra.local.festival.watch import until

STEPS = 100
PAUSE = 3.0
LAG = Festival(guests=STEPS, staff=20, speed=4320, wait=150, gather=1, delay=2)
LOOK_EVERY = 0.25


@dataclass
class Schedules:
    """The steps' schedules: when each is due, and when it was seen to be gone, by customer."""

    crowd: Crowd
    due_at: dict[str, datetime] = field(default_factory=dict)
    fired_at: dict[str, datetime] = field(default_factory=dict)
    customers: dict[str, str] = field(default_factory=dict)

    def present(self) -> set[str]:
        """Return the names of those that have not fired."""
        return {name for name in self.crowd.schedules() if name.startswith(OF_STEPS)}

    def read(self) -> None:
        """Read when each is due."""
        for name in self.present():
            instant, due = self.crowd.schedule(name)
            self.customers[name] = due["customer_id"]
            self.due_at[due["customer_id"]] = instant

    def watch(self, stopped: threading.Event) -> None:
        """Note when each is gone, until told to stop."""
        while not stopped.wait(LOOK_EVERY):
            asked_at, present = datetime.now(UTC), self.present()
            for name in self.customers.keys() - present:
                self.fired_at.setdefault(self.customers[name], asked_at)


def called_at(scene: Scene) -> dict[str, datetime]:
    """Return when the platform took the call that each customer is part of, by customer."""
    with scene.world.lock:
        sends = list(scene.world.state.corp(CORP).group_sends.values())
    called = {target: send.created_at for send in sends for one in send.receivers.values() for target in one}
    reader = Reader(scene.emulator, scene.outputs.stack, scene.world, Watch(LAG.speed))
    pushes = [row for row in reader.documents("pushes") if row.get("channel") == "group_send"]
    return {row["customer_id"]: called[row["external_userid"]] for row in pushes}


def played() -> tuple[list[float], list[float]]:
    """Play once; return each step's seconds from due to call, and those from fired to call."""
    with stage(LAG) as crowd:
        crowd.come()
        crowd.are_promised(STEPS // LAG.staff, PAUSE)
        schedules, stopped = Schedules(crowd), threading.Event()
        until(lambda: len(schedules.present()), STEPS, "steps scheduled")
        schedules.read()
        with ThreadPoolExecutor(1) as pool:
            watching = pool.submit(schedules.watch, stopped)
            try:
                crowd.are_reached(LAG.wait)
            finally:
                stopped.set()
            watching.result()
        called = called_at(crowd.scene)
    return since(schedules.due_at, called), since(schedules.fired_at, called)


def since(began: Mapping[str, datetime], ended: Mapping[str, datetime]) -> list[float]:
    """Return how many seconds lie between, for each customer."""
    return [(ended[customer] - moment).total_seconds() for customer, moment in began.items()]


def rows() -> list[tuple[str, float, str]]:
    """Return (what, value, unit) of each figure."""
    found = zip(("due to call on the emulator", "… without its scheduler's grain"), played(), strict=True)
    return [
        (f"{what}, p{percent}, {len(lags)} steps", quantiles(lags, n=100, method="inclusive")[percent - 1], "s")
        for what, lags in found
        for percent in (50, 99)
    ]
