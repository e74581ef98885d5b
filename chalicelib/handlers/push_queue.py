"""The pushes queue: a batch has been gathered."""

from datetime import UTC, datetime
from typing import Any

from chalicelib.handlers.records import Batch, take_fifo
from chalicelib.handlers.warm_apps import warm_apps
from chalicelib.schemas.wakeups import BatchDue
from chalicelib.services.come_back import deliver_or_come_back
from chalicelib.services.wecom_apps import WeComApps


def handle(event: dict[str, Any], apps: WeComApps | None = None) -> Batch:
    """Deliver batch by batch; after one that must come back, the others come back too."""
    return take_fifo(event, lambda body: deliver(BatchDue.model_validate(body), apps or warm_apps()))


def deliver(due: BatchDue, apps: WeComApps) -> None:
    """Deliver one batch."""
    deliver_or_come_back(due, datetime.now(UTC), apps)
