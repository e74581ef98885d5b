"""One play of one script on one scene, watched to its end."""

import time
from collections.abc import Sequence
from dataclasses import dataclass

from infra.local.demo.board import Show, board
from infra.local.demo.cast import Act, Person
from infra.local.demo.meter import Meter
from infra.local.demo.options import Options
from infra.local.demo.play import Play
from infra.local.demo.reading import Reader, Reading
from infra.local.demo.scene import CORP, Scene
from infra.local.demo.tracking import Tracker
from infra.local.demo.verdict import complaints
from infra.local.demo.watch import Watch

LOOK_EVERY = 3.0
DRAIN = 60.0
GRACE = "60s"
PROOFS = 4
PAUSE = 10.0
LAST_LINES = 4


@dataclass
class Performance:
    """What plays, and what was seen of it."""

    scene: Scene
    options: Options
    play: Play
    reader: Reader
    meter: Meter
    reading: Reading
    still_waiting: int = 0

    @classmethod
    def on(cls, scene: Scene, options: Options) -> "Performance":
        """Return a performance that has not begun."""
        tracker = Tracker(scene.outputs.api_url, scene.write_key, CORP)
        reader = Reader(scene.emulator, scene.outputs.stack, scene.world, Watch(options.speed))
        return cls(scene, options, Play(scene.world, tracker), reader, Meter(scene.emulator.invocations), Reading(0.0))

    def run(self, script: Sequence[Act]) -> None:
        """Play, and wait until what is due by the end is through, but not for ever."""
        began = time.monotonic()
        self.play.start(script)
        try:
            with board() as show:
                while self.goes_on(time.monotonic() - self.end(began)):
                    time.sleep(LOOK_EVERY)
                    self.look(began, show)
                self.meter.look(time.monotonic(), again=True)
                show(self.reading, self.meter)
        finally:
            self.play.stop()

    def end(self, began: float) -> float:
        """Return when the play is over, which the play itself may put off."""
        return began + self.options.length + self.play.delay

    def goes_on(self, seconds_over: float) -> bool:
        """Whether there is something to wait for: the end, or after it what was due by then."""
        return seconds_over < 0 or (self.still_waiting > 0 and seconds_over < DRAIN)

    def look(self, began: float, show: Show) -> None:
        """Look at everything once."""
        self.scene.emulator.check_alive()
        now = time.monotonic()
        self.reading = self.reader.read(now - began, now)
        self.still_waiting = self.reader.watch.waiting(min(now, self.end(began)))
        self.meter.look(now)
        show(self.reading, self.meter)

    def complaints(self) -> list[str]:
        """Return what went wrong, one line each."""
        follows, refused = self.play.outcomes["follow taken"], self.play.refused
        wrong = complaints(self.reading, self.still_waiting, self.reader.kept(), refused, follows)
        return wrong + self.unaccounted()

    def unaccounted(self) -> list[str]:
        """Return what the operator's own proof says when it does not hold, however often it is asked."""
        for _ in range(PROOFS):
            proof = self.scene.operator.run("accounted", "--grace", GRACE)
            if proof.returncode == 0:
                return []
            self.scene.emulator.check_alive()
            time.sleep(PAUSE)  # what is late on a busy machine still comes
        said = (proof.stdout.strip() or proof.stderr.strip()).splitlines()[-LAST_LINES:]
        return [f"`accounted` says: {' '.join(line.split())}" for line in said]

    def liveliest(self, people: Sequence[Person]) -> Person:
        """Return the customer with the fullest inbox: their story is worth reading."""
        world = self.scene.world
        return max(people, key=lambda person: len(world.inbox(person.external_userid)))
