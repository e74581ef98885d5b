"""Thread pools under the clock: their tasks run one after the other, but start at one instant.

Real threads would number remote calls by chance, and moto checks conditions in one step and writes in another.
"""

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from tests.harness.clock import Clock


class Done(Future[Any]):
    """A task that has run. Whoever asks for its result has waited for it."""

    def __init__(self, clock: Clock, ends_at: datetime) -> None:
        super().__init__()
        self.clock = clock
        self.ends_at = ends_at

    def result(self, timeout: float | None = None) -> Any:
        """Let the task's time pass, and return what it returned or raise what it raised."""
        self.clock.move_to(self.ends_at)
        return super().result(timeout)


@contextmanager
def side_by_side(clock: Clock) -> Iterator[None]:
    """Run what is submitted to any thread pool at once, on this thread."""
    submit, shutdown = ThreadPoolExecutor.submit, ThreadPoolExecutor.shutdown
    ends: list[datetime] = []

    def run(_pool: Any, task: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Done:
        done = task_done(clock, lambda: task(*args, **kwargs))
        ends.append(done.ends_at)
        return done

    def wait(pool: Any, *args: Any, **kwargs: Any) -> None:
        for moment in ends:
            clock.move_to(moment)
        shutdown(pool, *args, **kwargs)

    ThreadPoolExecutor.submit, ThreadPoolExecutor.shutdown = run, wait  # type: ignore[method-assign, assignment]
    try:
        yield
    finally:
        ThreadPoolExecutor.submit, ThreadPoolExecutor.shutdown = submit, shutdown  # type: ignore[method-assign]


def task_done(clock: Clock, task: Callable[[], Any]) -> Done:
    """Run a task, and put the clock back to where it began. A crash goes through: it takes the whole process."""
    began = clock.now
    try:
        result, error = task(), None
    except Exception as raised:  # noqa: BLE001 - as a thread does, for whoever asks for the result
        result, error = None, raised
    done = Done(clock, clock.now)
    clock.put_back(began)
    if error is None:
        done.set_result(result)
    else:
        done.set_exception(error)
    return done
