"""What is deployed and what it takes when it starts: megabytes of zip and of memory."""

from app import HANDLERS
from benchmarks.measure import memory_of
from infra.dependencies import BUILD
from infra.package import package

MB = 2**20


def rows() -> list[tuple[str, float, str]]:
    """Return (what, value, unit) of each figure."""
    made = package("prod", BUILD / "bench")
    found = [("zip of stage prod", made.code.stat().st_size / MB, "MB"), ("… unpacked", made.unpacked_bytes / MB, "MB")]
    for trigger in HANDLERS:
        used = memory_of(f"import os\nos.environ['_HANDLER'] = 'app.{trigger}'\nimport app")
        found.append((f"memory of {trigger} once started", used, "MB"))
    return found
