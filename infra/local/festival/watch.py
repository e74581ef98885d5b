"""Waiting for something that others do, with a line on how far it is."""

import time
from collections.abc import Callable

from infra.failure import Failure
from infra.progress import note

TELL_EVERY = 10.0


def until(reached: Callable[[], int], wanted: int, what: str, stalled: float = 600.0, every: float = 1.0) -> float:
    """Return after how many seconds `reached()` was `wanted`; tell every ten seconds how far it is.

    Raises Failure when it has not changed for `stalled` seconds: a slow machine is no failure, a halt is one.
    """
    began = told = changed = time.monotonic()
    last = -1
    while (now_reached := reached()) < wanted:
        now = time.monotonic()
        if now_reached != last:
            last, changed = now_reached, now
        if now - changed > stalled:
            raise Failure(f"{what}: {now_reached} of {wanted}, and nothing more in {stalled:.0f} s")
        if now - told >= TELL_EVERY:
            told = now
            note(f"    {what}: {now_reached:,} of {wanted:,} after {now - began:.0f} s")
        time.sleep(every)
    note(f"    {what}: {wanted:,} after {time.monotonic() - began:.1f} s")
    return time.monotonic() - began
