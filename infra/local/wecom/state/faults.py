"""Faults on demand: what goes wrong with which call, and how often."""

import threading
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

from infra.local.wecom.errors import SimulatorError


class FaultKind(StrEnum):
    """What happens to the call; `has an effect` is what the world remembers of it."""

    ERRCODE = "errcode"
    """Answered with the errcode, without effect."""
    HTTP_500 = "http_500"
    """Answered with status 500, without effect."""
    TIMEOUT_BEFORE = "timeout_before"
    """No effect and no answer: the connection hangs, then is closed."""
    DROP_AFTER = "drop_after"
    """Has its effect, then the connection is closed without an answer."""
    SLOW = "slow"
    """Has its effect and its answer, after some seconds."""
    GARBAGE = "garbage"
    """Has its effect, and the answer is unreadable."""


@dataclass
class Fault:
    """One queued fault: it lets `skip` calls pass and then meets the next `times`."""

    path: str
    kind: FaultKind
    times: int = 1
    skip: int = 0
    errcode: int = -1
    seconds: float = 1.0


class Faults:
    """A queue of faults; those of one path are met in the order in which they were added."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._queue: list[Fault] = []

    def add(
        self,
        path: str,
        kind: FaultKind | str,
        times: int = 1,
        *,
        skip: int = 0,
        errcode: int = -1,
        seconds: float = 1.0,
    ) -> Fault:
        """Queue a fault for a path such as `externalcontact/add_msg_template`; `*` is every path."""
        if kind not in list(FaultKind):
            raise SimulatorError(f"fault kind must be one of {', '.join(FaultKind)}")
        if times < 1 or skip < 0:
            raise SimulatorError("a fault needs times ≥ 1 and skip ≥ 0")
        fault = Fault(path.strip("/").removeprefix("cgi-bin/"), FaultKind(kind), times, skip, errcode, seconds)
        with self._lock:
            self._queue.append(fault)
        return fault

    def take(self, path: str) -> Fault | None:
        """Return the fault that this call meets, and use it up by one."""
        with self._lock:
            fault = next((each for each in self._queue if each.path in (path, "*")), None)
            if fault is None or _is_skipped(fault):
                return None
            fault.times -= 1
            if fault.times == 0:
                self._queue.remove(fault)
            return fault

    def clear(self) -> None:
        """Forget all that are still queued."""
        with self._lock:
            self._queue.clear()

    def queued(self) -> list[dict[str, Any]]:
        """Return what is still to come."""
        with self._lock:
            return [asdict(fault) for fault in self._queue]


def _is_skipped(fault: Fault) -> bool:
    if fault.skip == 0:
        return False
    fault.skip -= 1
    return True
