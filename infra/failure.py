"""How the command lines fail: one clear line, no traceback."""

import sys
from collections.abc import Callable


class Failure(Exception):
    """Something that the person at the keyboard can put right; its text is the one line that they read."""


def run(main: Callable[[], int]) -> None:
    """Run a command line and exit: 0 or its own code, 1 with one line for a Failure, 130 for Ctrl-C."""
    try:
        sys.exit(main())
    except Failure as failure:
        print(f"error: {failure}", file=sys.stderr)
        sys.exit(1)
    except KeyboardInterrupt:
        print("interrupted", file=sys.stderr)
        sys.exit(130)
