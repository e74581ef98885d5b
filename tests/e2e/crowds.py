"""A peak that has just been played, and what the tests ask about it."""

import json
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime

from infra.local.demo.reading import Reader
from infra.local.demo.scene import Scene
from infra.local.demo.watch import Watch
from infra.local.festival.crowd import OF_STEPS, Crowd
from infra.local.festival.stage import Festival
from infra.local.invocations import by_function
from infra.local.wecom.state.calls import Call
from infra.progress import note

# Two thousand at the cloud's own clock and pace of gathering, their step at one instant; and a few in a shortened day.
FULL = Festival(guests=2000, staff=10, speed=1, wait=240, gather=60, delay=75)
SMALL = Festival(guests=120, staff=10, speed=4320, wait=10, gather=15, delay=20)


@dataclass(frozen=True)
class Peak:
    """A festival that is over, with the invocations that it took from the promises to the last message."""

    festival: Festival
    crowd: Crowd
    invocations: Counter[str]

    @property
    def scene(self) -> Scene:
        """Where it was played."""
        return self.crowd.scene

    @property
    def group_sends(self) -> list[Call]:
        """Every call for a group-send, however it was answered."""
        return [call for call in self.scene.world.calls if call.path.endswith("/add_msg_template")]

    @property
    def kept(self) -> dict[str, int]:
        """How many records each failure queue keeps."""
        scene = self.scene
        return Reader(scene.emulator, scene.outputs.stack, scene.world, Watch(self.festival.speed)).kept()

    @property
    def waiting(self) -> int:
        """How many steps wait for their schedule."""
        return sum(name.startswith(OF_STEPS) for name in self.crowd.schedules())

    @property
    def due(self) -> list[datetime]:
        """The instants of all other schedules: looks at results."""
        return [self.crowd.schedule(name)[0] for name in self.crowd.schedules() if not name.startswith(OF_STEPS)]


def play(crowd: Crowd, festival: Festival) -> Peak:
    """Let the guests come, be promised, and be reached; on the cloud's clock, once all should be on their way."""
    came = crowd.come()
    opens_at = festival.opens_at(2 * came)
    if festival.speed == 1:
        crowd.opens(opens_at)
    before = by_function(crowd.scene.emulator.invocations())
    crowd.are_promised()
    crowd.are_reached((opens_at - datetime.now(UTC)).total_seconds() if festival.speed == 1 else festival.wait)
    peak = Peak(festival, crowd, by_function(crowd.scene.emulator.invocations()) - before)
    note(f"    invocations for {festival.guests:,} steps: {json.dumps(dict(sorted(peak.invocations.items())))}")
    return peak
