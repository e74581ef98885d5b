"""The pushes queue: a batch has been gathered."""

from datetime import UTC, datetime
from typing import Any

from chalicelib.handlers.records import Batch, take_fifo
from chalicelib.handlers.warm_apps import warm_apps
from chalicelib.schemas.wakeups import BatchDue
from chalicelib.services.deliver_batch import deliver_batch
from chalicelib.services.wecom_apps import WeComApps


def handle(event: dict[str, Any], apps: WeComApps | None = None) -> Batch:
    """Deliver batch by batch; after one that must come back, the others come back too."""
    return take_fifo(event, lambda body: deliver(BatchDue.model_validate(body), apps or warm_apps()))


def deliver(due: BatchDue, apps: WeComApps) -> None:
    """Deliver one batch."""
    deliver_batch(due.batch, due.bucket, datetime.now(UTC), apps)
