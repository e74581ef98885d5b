"""Segments that are not there, and those that lead back to themselves."""

from collections.abc import Iterator

from chalicelib.domain.playbook.checks.problem import Path, Problem, hint, steps_of
from chalicelib.domain.playbook.conditions import Condition
from chalicelib.domain.playbook.journeys import Journey
from chalicelib.domain.playbook.playbook import Playbook


def unknown_segments(playbook: Playbook) -> Iterator[Problem]:
    """Yield every reference to a segment that is not there."""
    own = ((("segments", name), condition) for name, condition in playbook.segments.items())
    for path, condition in (*own, *conditions_of(playbook)):
        for place, name in segments_in(path, condition):
            if name not in playbook.segments:
                message = f"there is no segment '{name}': add it to segments{hint(name, playbook.segments)}"
                yield Problem(place, message)


def circular_segments(playbook: Playbook) -> Iterator[Problem]:
    """Yield every segment that leads back to itself."""
    uses = {name: {used for _, used in segments_in((), part)} for name, part in playbook.segments.items()}
    for name in uses:
        if name in reachable(name, uses):
            yield Problem(("segments", name), "the segment leads back to itself, perhaps through others: take one out")


def reachable(start: str, uses: dict[str, set[str]]) -> set[str]:
    """Return what a segment is made of, at any depth."""
    found: set[str] = set()
    ahead = set(uses[start])
    while ahead:
        found |= ahead
        ahead = {used for name in ahead for used in uses.get(name, ())} - found
    return found


def conditions_of(playbook: Playbook) -> Iterator[tuple[Path, Condition]]:
    """Yield every condition outside segments with its place, outermost ones only."""
    for j, journey in enumerate(playbook.journeys):
        yield from conditions_of_journey(("journeys", j), journey)
    for path, step in steps_of(playbook):
        conditions = {"only_if": step.only_if, "unless": step.unless}
        yield from (((*path, name), condition) for name, condition in conditions.items() if condition)


def conditions_of_journey(path: Path, journey: Journey) -> Iterator[tuple[Path, Condition]]:
    """Yield the conditions that say who enters, leaves and moves."""
    yield (*path, "enter", "when"), journey.enter.when
    for number, way_out in enumerate(journey.exit):
        yield (*path, "exit", number, "when"), way_out.when
    for number, stage in enumerate(journey.stages):
        if stage.when:
            yield (*path, "stages", number, "when"), stage.when


def segments_in(path: Path, condition: Condition) -> Iterator[tuple[Path, str]]:
    """Yield the segments that a condition names, at any depth, with their places."""
    if condition.segment is not None:
        yield (*path, "segment"), condition.segment
    if condition.negated is not None:
        yield from segments_in((*path, "not"), condition.negated)
    for kind, parts in (("all", condition.all), ("any", condition.any)):
        for number, part in enumerate(parts or ()):
            yield from segments_in((*path, kind, number), part)
