"""Measuring: ratios within one run, because a machine's speed is nobody's property."""

import subprocess
import sys
from collections.abc import Callable
from statistics import median
from time import process_time

ROUNDS = 7


def cpu_of(work: Callable[[], object], times: int) -> float:
    """Return the processor seconds of one call: the median of several rounds of `times` calls, after a warm-up."""
    work()
    return median(cpu_of_round(work, times) for _ in range(ROUNDS))


def cpu_of_round(work: Callable[[], object], times: int) -> float:
    """Return the processor seconds of one call in one round."""
    began = process_time()
    for _ in range(times):
        work()
    return (process_time() - began) / times


def cpu_of_import(code: str) -> float:
    """Return the processor seconds that a fresh interpreter needs for some imports, the bare interpreter's included."""
    script = f"import time\n{code}\nprint(time.process_time())"
    runs = [subprocess.run([sys.executable, "-c", script], capture_output=True, check=True) for _ in range(5)]
    return median(float(run.stdout.split()[-1]) for run in runs)
