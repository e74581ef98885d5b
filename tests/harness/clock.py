"""The clock under test: the whole process sees it, and it moves only when a test moves it."""

import threading
import time
from datetime import UTC, datetime, timedelta
from typing import Any

import time_machine

START = datetime(2026, 3, 2, 2, tzinfo=UTC)  # a Monday, 10:00 in Shanghai


class Clock:
    """Stands still until it is moved. While it runs, a sleep on the thread that started it moves it instead."""

    def __init__(self, start: datetime = START) -> None:
        self.travel = time_machine.travel(start, tick=False)
        self.coordinates: Any = None
        self.thread = 0
        self.real_sleep = time.sleep

    def start(self) -> None:
        """Put the process on this clock."""
        self.coordinates = self.travel.start()
        self.thread = threading.get_ident()
        time.sleep = self.sleep  # type: ignore[assignment]  # its stub is wider than what anybody passes

    def stop(self) -> None:
        """Give the process its own time back."""
        time.sleep = self.real_sleep
        self.travel.stop()

    @property
    def now(self) -> datetime:
        """The current instant."""
        return datetime.now(UTC)

    def advance(self, by: timedelta) -> None:
        """Let time pass. Raises ValueError for a step backwards."""
        if by < timedelta(0):
            raise ValueError(f"the clock does not run backwards: {by}")
        self.coordinates.shift(by)

    def move_to(self, moment: datetime) -> None:
        """Let time pass until an instant; an instant that is over changes nothing."""
        if moment > self.now:
            self.coordinates.move_to(moment)

    def put_back(self, moment: datetime) -> None:
        """Return to an instant, for what happens at the same time as something else."""
        self.coordinates.move_to(moment)

    def sleep(self, seconds: float) -> None:
        """Take the place of time.sleep: nobody waits for a clock that stands still."""
        if threading.get_ident() == self.thread:
            self.advance(timedelta(seconds=seconds))
        else:
            self.real_sleep(seconds)
