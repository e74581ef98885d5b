"""Prints docs/fault-matrix.md, or stores it: every row is played, on every core."""

import argparse
import os
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing import get_context

import tests.conftest  # noqa: F401  # it says which deployment the tests belong to, before anything is imported
from tests.integration.faults.cells import WRONG, sign
from tests.integration.faults.kinds import FAULTS
from tests.integration.faults.matrix import Row, clean_runs
from tests.integration.faults.page import PAGE, read, written
from tests.integration.faults.points import Point


def main() -> int:
    """Run the command; return 1 when a row does not hold what every row must."""
    parser = argparse.ArgumentParser(prog="python -m tests.integration.faults", description=__doc__)
    parser.add_argument("--write", action="store_true", help=f"store docs/{PAGE.name} as it grows")
    parser.add_argument("--new", action="store_true", help="play only what the stored page does not have yet")
    chosen = parser.parse_args()
    stored = read(PAGE.read_text()) if chosen.new and PAGE.exists() else {}
    known = {point: mine for point, mine in stored.items() if WRONG not in mine}
    with silence():
        signs = dict(known)
        for point, mine in played_through([point for point in clean_runs().points if point.id not in known]):
            signs[point.id] = mine
            if chosen.write:
                PAGE.write_text(page_of(signs))
    if not chosen.write:
        print(page_of(signs), end="")
    return int(any(WRONG in mine for mine in signs.values()))


def page_of(signs: dict[str, list[str]]) -> str:
    """Return the page of what has been played."""
    return written([point for point in clean_runs().points if point.id in signs], signs)


def played_through(points: Sequence[Point]) -> Iterator[tuple[Point, list[str]]]:
    """Play every fault at each of these points; yield each with its signs."""
    rows = [Row(point, fault) for point in points for fault in FAULTS]
    with ProcessPoolExecutor(mp_context=get_context("fork")) as pool:
        signs = pool.map(sign, rows)
        for number, point in enumerate(points, start=1):
            yield point, [next(signs) for _ in FAULTS]
            print(f"\r{number} of {len(points)} calls", end="", file=sys.stderr)


@contextmanager
def silence() -> Iterator[None]:
    """Keep what the functions log from standard output, in this process and in those that it starts."""
    sys.stdout.flush()
    kept, nowhere = os.dup(1), os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    try:
        yield
    finally:
        sys.stdout.flush()
        os.dup2(kept, 1)


if __name__ == "__main__":
    sys.exit(main())
