"""The results queue: it is time to ask what became of a group-send."""

from datetime import UTC, datetime
from typing import Any

from chalicelib.handlers.records import Batch, take_queue
from chalicelib.handlers.warm_apps import warm_apps
from chalicelib.schemas.wakeups import ResultsDue
from chalicelib.services.collect_results import collect_results
from chalicelib.services.wecom_apps import WeComApps


def handle(event: dict[str, Any], apps: WeComApps | None = None) -> Batch:
    """Ask for each group-send by itself; those that must come back are reported."""
    return take_queue(event, lambda body: collect(ResultsDue.model_validate(body), apps or warm_apps()))


def collect(due: ResultsDue, apps: WeComApps) -> None:
    """Collect one group-send's results."""
    collect_results(due, datetime.now(UTC), apps)
