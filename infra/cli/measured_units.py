"""What one event uses as it was measured: kept in infra/units/, printed anew by `python -m benchmarks.units`."""

import json
from typing import Any

from chalicelib.domain.costs.units import Unit
from infra.dependencies import ROOT

FILE = ROOT / "infra" / "units" / "measured.json"


def measured_units() -> dict[str, Unit]:
    """Return the measured units by event."""
    told: dict[str, Any] = json.loads(FILE.read_text(encoding="utf-8"))
    source = f"measured {told['measured']}: {told['how']}"
    return {event: Unit(one["counted"], one["quantities"], source) for event, one in told["units"].items()}
