"""The demonstration from its first line to its last."""

import signal
import time
from random import Random
from types import FrameType

from infra.local.demo.cast import people_of, script_of, staff_of
from infra.local.demo.farewell import summary, whereabouts
from infra.local.demo.options import options_from
from infra.local.demo.performance import Performance
from infra.local.demo.scene import scene
from infra.local.emulator import Emulator
from infra.progress import note

ENDINGS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def main() -> int:
    """Play as the command line says; 0 when all went well."""
    for each in ENDINGS:
        signal.signal(each, interrupt)
    options = options_from()
    random = Random(options.seed)  # noqa: S311 - a play, no secret
    staff = staff_of(options.staff)
    people = people_of(options.customers, staff, random)
    script = script_of(people, options.seconds, options.day, random)
    note(f"Chaoxi 潮汐: {options.customers} customers of {options.staff} staff; one SOP day takes {options.day:g} s")
    with scene(options, staff) as built:
        performance = Performance.on(built, options)
        performance.run(script)
        wrong = performance.complaints()
        note(summary(performance, wrong))
        if options.once:
            return 1 if wrong else 0
        note(whereabouts(performance, people))
        return stay(built.emulator)


def interrupt(number: int, frame: FrameType | None) -> None:
    """End as Ctrl-C does, so that everything is taken down, and let nothing interrupt that."""
    for each in ENDINGS:
        signal.signal(each, signal.SIG_IGN)
    raise KeyboardInterrupt


def stay(emulator: Emulator) -> int:
    """Stay up until Ctrl-C, or until the emulator ends."""
    try:
        while True:
            time.sleep(1.0)
            emulator.check_alive()
    except KeyboardInterrupt:
        note("\nstopped")
        return 0
