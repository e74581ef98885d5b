"""Playbooks as YAML files: read whole or not at all, every problem with its file, line and field."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails
from yaml.nodes import Node

from chalicelib.domain.playbook.checks import problems
from chalicelib.domain.playbook.playbook import Playbook
from infra.failure import Failure
from infra.playbook_advice import advice
from infra.strict_yaml import WrongYamlError, child, compose, plain

LARGEST = 1_000_000


class PlaybookError(Failure):
    """A playbook that cannot be used. Its text has a line for each problem: `file:line: field: what to write`."""


def load(path: Path) -> Playbook:
    """Return the playbook of a file. Raises PlaybookError with all that is wrong with it."""
    try:
        tree = compose(text_of(path))
        written = plain(tree)
    except WrongYamlError as error:
        raise PlaybookError(f"{path}:{error.line}: {error}") from error
    return checked(path, tree, written)


def text_of(path: Path) -> str:
    """Return a file's text. Raises PlaybookError when it cannot be read, WrongYamlError when it is not UTF-8."""
    try:
        content = path.read_bytes() if path.stat().st_size <= LARGEST else None
    except OSError as error:
        raise PlaybookError(f"{path}: cannot be read: {error.strerror}") from error
    if content is None:
        raise PlaybookError(f"{path}: larger than 1 MB: split it into several playbooks")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise WrongYamlError(line, "not UTF-8: save the file with the encoding UTF-8") from error


def checked(path: Path, tree: Node, written: Any) -> Playbook:
    """Return what was written as a playbook. Raises PlaybookError."""
    try:
        playbook = Playbook.model_validate(written)
    except ValidationError as error:
        told = without_echoes(error.errors())
        found = [(*place(tree, one["loc"], one["type"] == "missing"), advice(one)) for one in told]
        raise refused(path, found) from error
    found = [(*place(tree, one.path), one.message) for one in problems(playbook)]
    if found:
        raise refused(path, found)
    return playbook


def without_echoes(errors: list[ErrorDetails]) -> list[ErrorDetails]:
    """Return the errors, less those that call a list too short because an entry of it is wrong."""
    places = [one["loc"] for one in errors]
    return [
        one
        for one in errors
        if one["type"] != "too_short"
        or not any(place != one["loc"] and place[: len(one["loc"])] == one["loc"] for place in places)
    ]


def place(tree: Node, location: Iterable[str | int], is_missing: bool = False) -> tuple[int, str]:
    """Return the line and the name of a place, such as `journeys[0].stages[1].steps[2].at`.

    A location may have parts that are not in the file: names of a union's branches, and the lists around single
    things that were written without one. They are left out, except for the last one when that is what is missing.
    """
    parts = list(location)
    line, name = 1, ""
    for number, part in enumerate(parts):
        found = child(tree, part)
        if found is not None:
            tree, line = found
        if found is not None or (is_missing and number == len(parts) - 1):
            name += f"[{part}]" if isinstance(part, int) else f".{part}"
    return line, name.lstrip(".")


def refused(path: Path, found: Iterable[tuple[int, str, str]]) -> PlaybookError:
    """Return the error that names every problem once, in the order of the file."""
    lines = (f"{path}:{line}: {name}{': ' if name else ''}{message}" for line, name, message in sorted(found))
    # What was written may hold line breaks of its own.
    return PlaybookError("\n".join(dict.fromkeys(" ".join(line.split()) for line in lines)))
