"""Everybody acts in time: follows through the platform's callbacks, behaviours through the tracking API.

The emulator gives each stream one reader at a time, so a machine that is busy with something else falls behind. Then
the play waits: nobody new follows while too many wait for their welcome, and everything after moves back as much.
"""

import threading
import time
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

from infra.local.demo.cast import Act
from infra.local.demo.tracking import Tracker
from infra.local.wecom import SimulatorError, WecomWorld

LANES = 2
CROWD = 8
LONGEST_DELAY = 150.0
PAUSE = 0.2


@dataclass
class Play:
    """Plays a script once. A customer's acts go one after the other, in the same lane.

    `delay` is how many seconds the play is behind its script, `follows` how many customers have been sent to follow;
    `outcomes` counts `follow taken`, `track refused` ...
    """

    world: WecomWorld
    tracker: Tracker
    clock: Callable[[], float] = time.monotonic
    delay: float = 0.0
    follows: int = 0
    outcomes: Counter[str] = field(default_factory=Counter)
    stopped: threading.Event = field(default_factory=threading.Event)
    lanes: list[ThreadPoolExecutor] = field(default_factory=lambda: [ThreadPoolExecutor(1) for _ in range(LANES)])

    def start(self, script: Sequence[Act]) -> None:
        """Play a script in a thread of its own."""
        threading.Thread(target=self.play, args=(script,), name="play", daemon=True).start()

    def play(self, script: Sequence[Act]) -> None:
        """Hand out each act when its time has come; return when all have been made, or `stop` was called."""
        began = self.clock()
        for act in script:
            if self.stopped.wait(max(0.0, began + self.delay + act.at - self.clock())):
                break
            if act.kind == "follow":
                self.let_pass()
                self.follows += 1
            self.lanes[sum(act.person.external_userid.encode()) % LANES].submit(self.make, act)
        for lane in self.lanes:
            lane.shutdown(wait=True, cancel_futures=self.stopped.is_set())

    def let_pass(self) -> None:
        """Wait while too many wait for their welcome; not for ever, since they may wait in vain."""
        while self.crowd >= CROWD and self.delay < LONGEST_DELAY and not self.stopped.wait(PAUSE):
            self.delay += PAUSE

    @property
    def crowd(self) -> int:
        """How many are about to follow, or wait for their welcome."""
        made = self.outcomes["follow taken"] + self.outcomes["follow refused"]
        return self.follows - made + waiting_in(self.world)

    def make(self, act: Act) -> None:
        """Make one act and count how it fared."""
        try:
            is_taken = self.made(act)
        except (OSError, SimulatorError):
            is_taken = False
        self.outcomes[f"{act.kind} {'taken' if is_taken else 'refused'}"] += 1

    def made(self, act: Act) -> bool:
        """Make one act; return whether the product took what it caused."""
        person = act.person
        if act.kind == "follow":
            followed = self.world.follow(person.staff, person.external_userid, person.name, person.channel)
            return all(delivery.is_accepted for delivery in followed.deliveries.values())
        if act.kind == "unfollow":
            deliveries = self.world.unfollow(person.staff, person.external_userid)
            return all(delivery.is_accepted for delivery in deliveries.values())
        return self.tracker.send(act.kind, person.external_userid, act.name, act.properties) == 200

    def stop(self) -> None:
        """End the play early."""
        self.stopped.set()

    @property
    def refused(self) -> int:
        """How many acts the product did not take."""
        return sum(count for outcome, count in self.outcomes.items() if outcome.endswith("refused"))


def waiting_in(world: WecomWorld) -> int:
    """Return how many customers wait for their welcome, and may still get it."""
    with world.lock:
        oldest = world.now() - world.rules.welcome_window
        codes = [code for corp in world.state.corps.values() for code in corp.welcome_codes.values()]
        return sum(not code.is_used and code.created_at > oldest for code in codes)
