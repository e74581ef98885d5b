"""The guide's examples are playbooks, or parts of one, that load."""

import re
from pathlib import Path
from typing import Any

import pytest

from chalicelib.domain.playbook.checks import problems
from chalicelib.domain.playbook.playbook import Playbook
from infra.strict_yaml import compose, plain

GUIDE = Path("docs/guide/playbooks.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"^```yaml\n(.*?)^```", GUIDE, re.DOTALL | re.MULTILINE)
AROUND: dict[str, Any] = {
    "id": "guide",
    "name": "guide",
    "zone": "Asia/Shanghai",
    "quiet": "22:30-07:00",
    "journeys": [
        {
            "id": "j",
            "name": "j",
            "enter": {"when": {"friend": True}},
            "stages": [{"id": "s", "name": "s", "intent": "low", "weight": 1}],
        }
    ],
}


@pytest.mark.parametrize("example", EXAMPLES)
def test_an_example_of_the_guide_is_accepted(example: str) -> None:
    written = plain(compose(example))
    named = dict.fromkeys(re.findall(r"content: ([\w-]+)", example), "内容")
    playbook = Playbook.model_validate({**AROUND, **written, "contents": {**named, **written.get("contents", {})}})
    assert problems(playbook) == []


def test_the_guide_has_an_example_for_every_field_of_the_language() -> None:
    schema = Playbook.model_json_schema()
    fields = {
        *schema["properties"],
        *(name for part in schema["$defs"].values() for name in part.get("properties", {})),
    }
    unshown = {name for name in fields if not re.search(rf"\b{name}\b", GUIDE)}
    assert unshown <= {"version", "media_id", "picurl"}
