"""Faults on demand: what happens before or after the n-th remote call of an invocation."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal

from tests.harness.remote import Call

When = Literal["before", "after"]


class Crash(BaseException):
    """The function's process is gone. Not an Exception, so that nothing in the function can go on."""


@dataclass
class Interruption:
    """Does `action` once, `when` the `call`-th remote call (from 1) of one invocation of `function` is made.

    `of` counts only the calls whose text holds it, such as `PutItem pushes`: the second of those, not of all.
    `skip` is how many invocations that get so far are let through first. `happened` says whether it has come to that:
    a test of a crash that never happened proves nothing.
    """

    function: str
    when: When
    call: int
    action: Callable[[], object]
    skip: int = 0
    happened: bool = False
    of: str = ""

    def waits_for(self, when: When, calls: list[Call]) -> bool:
        """Whether this is the moment, the last of these calls being the one that is made."""
        if self.happened or self.when != when or self.of not in str(calls[-1]):
            return False
        return sum(self.of in str(call) for call in calls) == self.call


def crash() -> None:
    """Let the process die."""
    raise Crash


@dataclass
class Recording:
    """The remote calls of one invocation, in order, and the interruptions that wait for one of them."""

    function: str
    interruptions: list[Interruption]
    calls: list[Call] = field(default_factory=list)

    def before(self, call: Call) -> None:
        """Number a call."""
        self.calls.append(call)
        self.interrupt("before")

    def after(self) -> None:
        """Note that the last call was answered."""
        self.interrupt("after")

    def interrupt(self, when: When) -> None:
        """Do what waits for this moment."""
        for each in self.interruptions:
            if each.function != self.function or not each.waits_for(when, self.calls):
                continue
            if each.skip:
                each.skip -= 1
                continue
            each.happened = True
            each.action()
