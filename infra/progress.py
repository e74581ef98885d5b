"""One line a step, with the time that it took."""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def step(text: str) -> Iterator[None]:
    """Print a step when it begins, and its seconds when it has ended well."""
    began = time.monotonic()
    print(f"  {text} … ", end="", flush=True)
    try:
        yield
    except BaseException:
        print("failed", flush=True)
        raise
    print(f"{time.monotonic() - began:.1f} s", flush=True)


def note(text: str) -> None:
    """Print a line at once, also into a pipe."""
    print(text, flush=True)
    sys.stdout.flush()
