"""Cold start: what each function imports and builds in INIT, over the libraries and the client that any such needs."""

from app import HANDLERS
from benchmarks.measure import cpu_of_import

FLOOR = """
import chalice.app, pydantic, botocore.session
class Anything(pydantic.BaseModel):
    name: str
botocore.session.get_session().create_client("dynamodb")
"""


def rows() -> list[tuple[str, float, str]]:
    """Return (what, value, unit) of each figure."""
    floor = cpu_of_import(FLOOR)
    found = [("starting with chalice, pydantic and one botocore client", floor * 1e3, "ms CPU")]
    for trigger in HANDLERS:
        started = cpu_of_import(f"import os\nos.environ['_HANDLER'] = 'app.{trigger}'\nimport app")
        found.append((f"starting {trigger}, over that", started / floor, "×"))
    return found
