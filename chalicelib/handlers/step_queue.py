"""The due-steps queue: an enrolment's next step has come due."""

from datetime import UTC, datetime
from typing import Any

from chalicelib.handlers.records import Batch, take_queue
from chalicelib.schemas.wakeups import StepDue
from chalicelib.services.run_step import run_step


def handle(event: dict[str, Any]) -> Batch:
    """Run each step by itself; those that must come back are reported."""
    return take_queue(event, lambda body: run_step(StepDue.model_validate(body), datetime.now(UTC)))
