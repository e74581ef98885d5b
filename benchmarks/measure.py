"""Measuring: ratios within one run, because a machine's speed is nobody's property."""

import subprocess
import sys
from collections.abc import Callable, Sequence
from time import process_time

ROUNDS = 9


def cpu_of(work: Callable[[], object], times: int) -> float:
    """Return the processor seconds of one call: the least of several rounds of `times` calls, after a warm-up."""
    [least] = cpu_of_each([work], times)
    return least


def cpu_of_each(works: Sequence[Callable[[], object]], times: int) -> list[float]:
    """Return the same for several, whose rounds take turns: what disturbs one then disturbs the others too."""
    for work in works:
        work()
    rounds = [[cpu_of_round(work, times) for work in works] for _ in range(ROUNDS)]
    return [min(each) for each in zip(*rounds, strict=True)]


def cpu_of_round(work: Callable[[], object], times: int) -> float:
    """Return the processor seconds of one call in one round."""
    began = process_time()
    for _ in range(times):
        work()
    return (process_time() - began) / times


def cpu_of_import(code: str) -> float:
    """Return the processor seconds that a fresh interpreter needs for some imports, the bare interpreter's included.

    The least of several: what else the machine does can only add to it.
    """
    return min(float(told_by(f"import time\n{code}\nprint(time.process_time())")) for _ in range(ROUNDS))


def memory_of(code: str) -> float:
    """Return the peak resident memory in MB of a fresh interpreter that runs some code.

    The kernel is asked, because what getrusage says begins with the memory of whoever started the process.
    """
    ending = "print(next(line.split()[1] for line in open('/proc/self/status') if line.startswith('VmHWM')))"
    return int(told_by(f"{code}\n{ending}")) / 1024


def told_by(script: str) -> str:
    """Run a script in a fresh interpreter and return the last word that it prints."""
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, check=True, text=True)
    return done.stdout.split()[-1]
