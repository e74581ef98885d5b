"""The stage of the festival: an emulator, the platform, and guests of few staff."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from infra.local.demo.cast import staff_of
from infra.local.demo.options import Options
from infra.local.demo.scene import CORP, scene
from infra.local.festival.crowd import Crowd, guests_of
from infra.local.festival.playbook import file_of, quarter_after
from infra.local.wecom import ConfirmPolicy


@dataclass(frozen=True)
class Festival:
    """How large it is, and how fast its clock runs; the rest in real seconds.

    `wait`: for the step, of those who are promised it · `gather`, `delay`: how long pushes are gathered, and how long
    the queue holds them back.
    """

    guests: int
    staff: int
    speed: float
    wait: float
    gather: int
    delay: int

    def opens_at(self, least: float = 0.0) -> datetime:
        """Return the instant of the step, for those who are promised it now and may need `least` real seconds."""
        return quarter_after(datetime.now(UTC) + timedelta(seconds=max(self.wait, least) * self.speed))


@contextmanager
def stage(festival: Festival) -> Iterator[Crowd]:
    """Build the stage, and take it down whatever happens. Raises Failure with one line.

    The staff's welcomes come from the platform's own console, so that coming costs the product no calls.
    """
    staff = staff_of(festival.staff)
    options = Options(day=86400 / festival.speed, playbook=file_of(festival.opens_at()))
    gathering = {"GatherSeconds": str(festival.gather), "PushesDelaySeconds": str(festival.delay)}
    with scene(options, staff, **gathering) as built:
        for member in staff:
            built.world.add_staff(CORP, member.userid, member.name, has_own_welcome=True)
        built.world.set_confirm_policy(ConfirmPolicy(timedelta(seconds=1)))
        yield Crowd(built, guests_of(festival.guests, [member.userid for member in staff]))
