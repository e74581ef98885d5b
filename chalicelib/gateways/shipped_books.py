"""The price books that ship with the code."""

import json
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from typing import Any

FOLDER = "chalicelib.domain.pricing"


@cache
def shipped_books() -> tuple[tuple[str, Any], ...]:
    """Return (file, content) of every book file, in order of name."""
    return tuple(sorted(read_all(), key=lambda book: book[0]))


def read_all() -> Iterator[tuple[str, Any]]:
    """Yield (file, content) of every book file."""
    for file in files(FOLDER).joinpath("books").iterdir():
        if file.name.endswith(".json"):
            yield file.name, json.loads(file.read_text(encoding="utf-8"))
