"""Many independent writes at once: 10,000 of them one after the other would outlast the function."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from typing import TypeVar

LANES = 10  # as many connections as PynamoDB's client keeps
AT_A_TIME = 1_000  # that wait for a lane: each takes memory while it does

Item = TypeVar("Item")


def side_by_side(act: Callable[[Item], object], items: Sequence[Item]) -> None:
    """Do `act` with every item, in no order; the first error is raised when all are through."""
    if len(items) == 1:
        act(items[0])
        return
    errors: list[BaseException] = []
    with ThreadPoolExecutor(LANES) as pool:
        for start in range(0, len(items), AT_A_TIME):
            begun = [pool.submit(copy_context().run, act, item) for item in items[start : start + AT_A_TIME]]
            errors += [error for doing in begun if (error := doing.exception())][:1]
    if errors:
        raise errors[0]
