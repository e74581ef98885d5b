"""Cold start: what each function imports, over the libraries that any such function needs."""

from app import HANDLERS
from benchmarks.measure import cpu_of_import

FLOOR = "import chalice, botocore.session, pydantic"


def rows() -> list[tuple[str, float, str]]:
    """Return (what, value, unit) of each figure."""
    floor = cpu_of_import(FLOOR)
    found = [("importing chalice, botocore and pydantic", floor * 1e3, "ms CPU")]
    for trigger, modules in HANDLERS.items():
        code = "import app\n" + "\n".join(f"import chalicelib.handlers.{module}" for module in modules)
        found.append((f"importing {trigger}, over that", cpu_of_import(code) / floor, "×"))
    return found
