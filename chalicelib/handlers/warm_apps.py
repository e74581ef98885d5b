"""WeCom's apps, kept for as long as the function is warm."""

import time
from datetime import UTC, datetime
from functools import cache

from chalicelib.services.wecom_apps import WeComApps, live_apps


@cache
def warm_apps() -> WeComApps:
    """Return the apps with their connections and tokens."""
    return live_apps(lambda: datetime.now(UTC), time.sleep)
