"""The meter of the invocation that is running."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from threading import Lock
from time import perf_counter_ns

from chalicelib.metering.keys import SHARED, Key, key_of
from chalicelib.metering.usage import Usage, split

SAMPLES = 5


@dataclass
class Inputs:
    """How many inputs of one kind were taken in and how many dropped as duplicates, with a sample of the latter."""

    taken: int = 0
    dropped: int = 0
    keys: list[str] = field(default_factory=list)


@dataclass
class Scope:
    """What one record used, and on whose behalf by weight; nobody's yet is shared."""

    usage: Usage = field(default_factory=Usage)
    weights: Mapping[Key, int] = field(default_factory=lambda: {SHARED: 1})


@dataclass
class Meter:
    """Everything of one invocation. Threads of one record add to the same scope, so adding takes a lock."""

    shared: Scope = field(default_factory=Scope)
    rows: defaultdict[Key, Usage] = field(default_factory=lambda: defaultdict(Usage))
    inputs: defaultdict[str, Inputs] = field(default_factory=lambda: defaultdict(Inputs))
    lock: Lock = field(default_factory=Lock)

    def close(self, scope: Scope) -> None:
        """Give what a scope used to its keys."""
        with self.lock:
            for key, usage in split(scope.usage, scope.weights):
                self.rows[key].add(usage)


METERS: list[Meter] = [Meter()]  # the running invocation's; a function runs one invocation at a time
SCOPE: ContextVar[Scope | None] = ContextVar("scope", default=None)


def begin() -> Meter:
    """Start to measure an invocation."""
    METERS[0] = Meter()
    SCOPE.set(None)
    return METERS[0]


@contextmanager
def record() -> Iterator[None]:
    """Measure one record."""
    meter, scope = METERS[0], Scope()
    before, began = SCOPE.set(scope), perf_counter_ns()
    try:
        yield
    finally:
        SCOPE.reset(before)
        scope.usage.wall_ns += perf_counter_ns() - began
        meter.close(scope)


@contextmanager
def waiting() -> Iterator[None]:
    """Do not count this while as the record's: it is spent on what another scope measures."""
    scope, began = current(), perf_counter_ns()
    try:
        yield
    finally:
        scope.usage.wall_ns -= perf_counter_ns() - began


def current() -> Scope:
    """Return the scope that this thread works for."""
    return SCOPE.get() or METERS[0].shared


def name(**dimensions: str) -> None:
    """Say on whose behalf the current record is taken."""
    share({key_of(**dimensions): 1})


def share(weights: Mapping[Key, int]) -> None:
    """Say on whose behalf the current record is taken when it is several's; nobody's leaves it as it is."""
    if weights:
        current().weights = weights


def called(service: str, operation: str, wru: int = 0, rru: int = 0, bytes_out: int = 0) -> None:
    """Count a call of another system, with the units that it took and the bytes that left the cloud."""
    with METERS[0].lock:
        usage = current().usage
        usage.calls[f"{service}.{operation}"] += 1
        usage.wru += wru
        usage.rru += rru
        usage.bytes_out += bytes_out


def taken(kind: str) -> None:
    """Count an input that was new."""
    with METERS[0].lock:
        METERS[0].inputs[kind].taken += 1


def dropped(kind: str, key: str) -> None:
    """Count an input that was there already, and keep its key if there are few samples yet."""
    with METERS[0].lock:
        inputs = METERS[0].inputs[kind]
        inputs.dropped += 1
        if len(inputs.keys) < SAMPLES:
            inputs.keys.append(key)
