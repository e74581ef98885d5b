"""What a check finds, and where."""

from collections.abc import Iterable, Iterator
from difflib import get_close_matches
from typing import NamedTuple

from chalicelib.domain.playbook.journeys import Step
from chalicelib.domain.playbook.playbook import Playbook

Path = tuple[str | int, ...]


class Problem(NamedTuple):
    """What is wrong at a place of a playbook, and what to write instead; `path` leads from field to field."""

    path: Path
    message: str


def steps_of(playbook: Playbook) -> Iterator[tuple[Path, Step]]:
    """Yield every step with its place."""
    for j, journey in enumerate(playbook.journeys):
        for s, stage in enumerate(journey.stages):
            for number, step in enumerate(stage.steps):
                yield ("journeys", j, "stages", s, "steps", number), step


def hint(name: str, known: Iterable[str]) -> str:
    """Return which known name was probably meant, as the end of a sentence."""
    near = get_close_matches(name, list(known), n=1)
    return f", or write '{near[0]}'" if near else ""
