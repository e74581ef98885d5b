"""The playbook of the festival: a journey for each gift, with one step at an instant and another in two years."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from infra.dependencies import BUILD

GIFTS = {"tea": "新茶到了，给您留了一盒。", "silk": "丝巾到了，给您留了一条。"}
PROMISED = "Gift Promised"
ZONE = ZoneInfo("Asia/Shanghai")
QUARTER = timedelta(minutes=15)
FAR = timedelta(days=730)


def festival(opens_at: datetime) -> dict[str, Any]:
    """Return the playbook as its file says it. `opens_at`: an instant on a whole minute."""
    return {
        "id": "festival",
        "name": "节日高峰",
        "zone": ZONE.key,
        "contents": {**GIFTS, "next": "新的一年，再见。"},
        "rules": [
            {"id": gift, "when": {"behaviour": PROMISED, "where": {"gift": gift}}, "add": gift} for gift in GIFTS
        ],
        "journeys": [journey(gift, opens_at) for gift in GIFTS],
    }


def journey(gift: str, opens_at: datetime) -> dict[str, Any]:
    """Return the journey of those who were promised a gift."""
    steps = [
        {"id": "gift", "content": gift, **written(opens_at)},
        {"id": "next", "content": "next", **written(opens_at + FAR)},
    ]
    stage = {"id": "promised", "name": "已预告", "intent": "high", "weight": 10, "steps": steps}
    left = {"reason": "unfollowed", "when": {"friend": False}}
    return {"id": gift, "name": gift, "enter": {"when": {"tag": gift}}, "exit": left, "stages": [stage]}


def written(instant: datetime) -> dict[str, str]:
    """Return an instant as a step's timing."""
    local = instant.astimezone(ZONE)
    return {"on": f"{local:%Y-%m-%d}", "at": f"{local:%H:%M}"}


def file_of(opens_at: datetime) -> Path:
    """Write the playbook to a file, in the part of YAML that JSON is, and return its path."""
    path = BUILD / "festival.yaml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(festival(opens_at), ensure_ascii=False))
    return path


def quarter_after(instant: datetime) -> datetime:
    """Return the first quarter of an hour that is not before an instant: pushes wait for no slot there."""
    epoch = datetime.fromtimestamp(0, UTC)
    return epoch - ((epoch - instant) // QUARTER) * QUARTER
