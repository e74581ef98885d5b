"""What the operator sees."""

import json
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

WIDE = 200


def console(is_error: bool = False) -> Console:
    """Return the screen; a pipe is as wide as any line."""
    stream = sys.stderr if is_error else sys.stdout
    return Console(file=stream, width=None if stream.isatty() else WIDE, highlight=False, markup=False, emoji=False)


def say(text: str = "", style: str | None = None) -> None:
    """Print a line, however long."""
    console().print(text, style=style, soft_wrap=True)


def remark(text: str) -> None:
    """Print a line for the person at the keyboard that is no part of the answer."""
    console(is_error=True).print(text, soft_wrap=True)


def say_json(value: Any) -> None:
    """Print a value for a program to read."""
    print(json.dumps(value, ensure_ascii=False, indent=2, default=str))


def show_table(title: str, heads: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Print a table; numbers to the right, nothing cut off."""
    say(title, style="bold")
    table = Table(box=None, pad_edge=False)
    listed = [[str(cell) for cell in row] for row in rows]
    for number, head in enumerate(heads):
        is_number = bool(listed) and all(row[number].isdigit() for row in listed)
        table.add_column(head, justify="right" if is_number else "left", overflow="fold")
    for row in listed:
        table.add_row(*row)
    console().print(table)


@contextmanager
def progress(what: str, total: int | None, is_quiet: bool) -> Iterator[Any]:
    """Show how far something is, on the error stream and only to people; yields what to call for every item."""
    with progress_of(what, total, is_quiet) as advance:
        yield lambda: advance(1)


@contextmanager
def progress_of(what: str, total: int | None, is_quiet: bool) -> Iterator[Callable[[int], None]]:
    """The same for what comes many at a time, such as bytes: what is yielded takes how many."""
    screen = console(is_error=True)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=screen, transient=True, disable=is_quiet or not screen.is_terminal) as bar:
        task = bar.add_task(what, total=total)
        yield lambda number: bar.advance(task, number)
