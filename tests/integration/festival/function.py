"""One function in a process of its own, as Lambda runs it; prints how much memory it took.

`python -m tests.integration.festival.function app.pushes_planned < events`: an event a line, one after the other.
"""

import json
import re
import sys
import time
from importlib import import_module
from pathlib import Path
from typing import Any

from tests.harness.invocation import context_of

RECEIVES = 5


def peak_mb() -> float:
    """Return the most memory that this process has had resident, in MiB, by the kernel's own account."""
    found = re.search(r"VmHWM:\s+(\d+) kB", Path("/proc/self/status").read_text())
    assert found
    return int(found[1]) / 1024


def at_last(function: Any, event: Any, name: str) -> tuple[Any, int]:
    """Return a function's last answer and how many tries it took: what it reports as failed is delivered again."""
    for tries in range(1, RECEIVES + 1):
        answer = function(event, context_of(name, tries))
        if not answer["batchItemFailures"]:
            break
    return answer, tries


def main(handler: str) -> None:
    """Call the handler with each event, and print what came of it."""
    module, _, name = handler.rpartition(".")
    function = getattr(import_module(module), name)
    loaded = peak_mb()
    events = [json.loads(line) for line in sys.stdin]
    begun = time.monotonic()
    done = [at_last(function, event, name) for event in events]
    told = {
        "loaded": loaded,
        "peak": peak_mb(),
        "seconds": time.monotonic() - begun,
        "answers": [answer for answer, _ in done],
        "tries": max(tries for _, tries in done),
    }
    print("\n" + json.dumps(told))


if __name__ == "__main__":
    main(sys.argv[1])
