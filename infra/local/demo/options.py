"""What `make run` can be told."""

import argparse
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

PLAYBOOK = Path("playbooks/consultation.yaml")


@dataclass(frozen=True)
class Options:
    """`day` is how many seconds an SOP day takes, `days` how many of them pass after the last customer has followed."""

    once: bool = False
    customers: int = 200
    staff: int = 10
    seconds: float = 60.0
    day: float = 20.0
    days: float = 2.5
    port_base: int = 0
    seed: int = 7
    playbook: Path = PLAYBOOK

    @property
    def speed(self) -> float:
        """How many seconds of a journey pass in one of ours."""
        return 86400 / self.day

    @property
    def length(self) -> float:
        """How many seconds the play takes."""
        return self.seconds + self.days * self.day

    def port(self, number: int) -> int:
        """Return the port of the n-th server; 0, any free one, unless told."""
        return self.port_base + number if self.port_base else 0


def options_from(arguments: Sequence[str] | None = None) -> Options:
    """Read the command line."""
    usual = Options()
    parser = argparse.ArgumentParser(
        prog="python -m infra.local.demo", description="Play the demonstration on this machine. Nothing leaves it."
    )
    add = parser.add_argument
    add("--once", action="store_true", help="end with the play: 0 if every due step is accounted for")
    add("--customers", type=whole, default=usual.customers, help="how many follow (default %(default)s)")
    add("--staff", type=whole, default=usual.staff, help="how many salespeople (default %(default)s)")
    add("--seconds", type=amount, default=usual.seconds, help="over how long they follow (default %(default)s)")
    add("--day", type=amount, default=usual.day, help="how many seconds an SOP day takes (default %(default)s)")
    add("--days", type=amount, default=usual.days, help="SOP days after the last follow (default %(default)s)")
    add("--port-base", type=port, default=usual.port_base, metavar="PORT",
        help="the emulator's port; the simulator's is the next one (default: any free ones)")
    add("--seed", type=int, default=usual.seed, help="another seed, other customers (default %(default)s)")
    add("--playbook", type=Path, default=usual.playbook, help="what is played (default %(default)s)")
    return Options(**vars(parser.parse_args(arguments)))


def whole(text: str) -> int:
    """Return a number of people, at least one. Raises ValueError, which argparse turns into one line."""
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError("at least 1")
    return number


def amount(text: str) -> float:
    """Return a positive number of seconds or days."""
    number = float(text)
    if number <= 0:
        raise argparse.ArgumentTypeError("more than 0")
    return number


def port(text: str) -> int:
    """Return a port that has a next one."""
    number = int(text)
    if not 1024 <= number <= 65534:
        raise argparse.ArgumentTypeError("a port is from 1024 to 65534")
    return number
