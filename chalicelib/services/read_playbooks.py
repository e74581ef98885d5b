"""Reading playbooks. A warm function sees a publication within half a minute."""

from datetime import datetime, timedelta
from functools import lru_cache

from chalicelib.domain.playbook.playbook import Playbook
from chalicelib.models import playbooks

FRESH = timedelta(seconds=30)


@lru_cache(maxsize=64)
def playbook(name: str, version: int) -> Playbook:
    """Return one published version, which never changes. Raises PermanentError when there is none."""
    return playbooks.published(name, version)


def live_playbooks(now: datetime) -> list[Playbook]:
    """Return the live playbooks as they were at most half a minute ago."""
    return [playbook(name, version) for name, version in live_versions(int(now.timestamp() // FRESH.total_seconds()))]


@lru_cache(maxsize=1)
def live_versions(interval: int) -> list[tuple[str, int]]:
    """Return (id, version) of the live playbooks, read once an interval."""
    return playbooks.live_versions()


def forget() -> None:
    """Read everything anew: for tools that publish and go on."""
    playbook.cache_clear()
    live_versions.cache_clear()
