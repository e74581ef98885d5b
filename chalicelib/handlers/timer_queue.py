"""The timers queue: a span of time after a behaviour is over."""

from datetime import UTC, datetime
from typing import Any

from chalicelib.handlers.records import Batch, take_queue
from chalicelib.schemas.wakeups import TimerDue
from chalicelib.services.pass_time import pass_time


def handle(event: dict[str, Any]) -> Batch:
    """Store each span by itself; those that must come back are reported."""
    return take_queue(event, lambda body: pass_time(TimerDue.model_validate(body), datetime.now(UTC)))
