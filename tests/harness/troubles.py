"""Calls that fail as the services let them fail: once, or until somebody has mended it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Self

from tests.harness.remote import ATTACHED, AwsError, Call, Json
from tests.harness.web import WebAnswer, WebRequest
from tests.harness.wecom import WecomCloud

Refusal = AwsError | WebAnswer
"""What a service answers instead of doing what it is asked: an error of AWS, or an HTTP answer."""


def label(call: Call) -> str:
    """Return a call without what differs from one run of a test, or one customer, to the next."""
    subject = call.subject
    if call.service in ("scheduler", "ssm"):
        subject = subject.rpartition("/")[0] + "/*" if "/" in subject else subject.partition("-")[0] + "-*"
    return f"{call.service} {call.operation} {subject}".rstrip()


@dataclass
class Troubles:
    """Stands before a cloud's wiring and its platform, and answers in their place. Use it with `with`.

    `lasting` is what (function, label of a call) gets until it is mended; `once` what the very call gets that is being
    made. Nothing that is refused has reached its service.
    """

    cloud: WecomCloud
    lasting: dict[tuple[str, str], Refusal] = field(default_factory=dict)
    once: Refusal | None = None
    current: Refusal | None = None

    def __enter__(self) -> Self:
        """Take the wiring's place, and the platform's."""
        self.platform = self.cloud.web
        self.cloud.web = self.respond
        ATTACHED[ATTACHED.index(self.cloud.wiring)] = self
        return self

    def __exit__(self, *_: object) -> None:
        """Give both back."""
        ATTACHED[ATTACHED.index(self)] = self.cloud.wiring
        self.cloud.web = self.platform

    def before(self, call: Call) -> None:
        """Let the wiring number the call; note how it will be refused, if it will."""
        self.current = None
        self.cloud.wiring.before(call)
        if self.cloud.wiring.recordings:
            running = self.cloud.wiring.recordings[-1]
            self.current = self.once or self.lasting.get((running.function, label(running.calls[-1])))
            self.once = None

    def after(self, call: Call) -> None:
        """Tell the wiring."""
        self.current = None
        self.cloud.wiring.after(call)

    def answer(self, service: str, operation: Any, params: Mapping[str, Any]) -> Json | None:
        """Refuse, or let the wiring answer."""
        if isinstance(self.current, AwsError):
            raise self.current
        return self.cloud.wiring.answer(service, operation, params)

    def respond(self, request: WebRequest) -> WebAnswer:
        """Refuse, or let the platform answer."""
        if isinstance(self.current, WebAnswer):
            return self.current
        assert self.platform
        return self.platform(request)
