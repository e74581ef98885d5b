"""The live table; plain lines where nobody watches a terminal."""

import os
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.live import Live
from rich.table import Table

from infra.local.demo.meter import Meter
from infra.local.demo.reading import Reading

LINE_EVERY = 10.0

Show = Callable[[Reading, Meter], None]


@contextmanager
def board() -> Iterator[Show]:
    """Give a function that shows one reading: in place on a terminal, else as a line every ten seconds."""
    console = Console()
    if not is_watched(console):
        yield lines()
        return
    with Live(console=console, auto_refresh=False, transient=False) as live:
        yield lambda reading, meter: live.update(table_of(reading, meter), refresh=True)


def is_watched(console: Console) -> bool:
    """Whether a person sees what is written in place."""
    return console.is_terminal and sys.stdout.isatty() and not os.environ.get("CI")


def lines() -> Show:
    """Return a function that prints a line for every tenth second's reading."""
    printed_at = float("-inf")

    def show(reading: Reading, meter: Meter) -> None:
        nonlocal printed_at
        if reading.seconds - printed_at >= LINE_EVERY:
            printed_at = reading.seconds
            print(line_of(reading, meter), flush=True)

    return show


def line_of(reading: Reading, meter: Meter) -> str:
    """Return one reading as one line."""
    parts = (
        f"{reading.seconds:4.0f} s",
        f"stages {counts(reading.stages)}",
        f"welcomes {counts(reading.welcomes)}",
        f"pushes {counts(reading.pushes)}",
        f"due and unaccounted {reading.overdue}",
        f"tasks {reading.tasks_waiting} waiting {reading.tasks_confirmed} confirmed",
        f"{meter.invocations} invocations ${meter.cost:.4f}",
    )
    return "  " + " · ".join(parts)


def table_of(reading: Reading, meter: Meter) -> Table:
    """Return one reading as a table."""
    table = Table(title=f"Chaoxi 潮汐 · {reading.seconds:.0f} s", title_justify="left", show_header=False, min_width=64)
    table.add_column(style="bold")
    table.add_column()
    rows = {
        "Customers by stage": counts(reading.stages, "\n"),
        "Welcomes": counts(reading.welcomes),
        "Pushes by state": counts(reading.pushes, "\n"),
        "Why not sent": counts(reading.reasons),
        "Group-send tasks": f"{reading.tasks_waiting} waiting, {reading.tasks_confirmed} confirmed by staff",
        "Due and unaccounted": f"[{'green' if reading.overdue == 0 else 'red'}]{reading.overdue}",
        "Invocations": f"{meter.invocations:,}",
        "Cost so far": f"${meter.cost:.4f} (Lambda and API Gateway, list prices, Singapore)",
    }
    for name, value in rows.items():
        table.add_row(name, value)
    return table


def counts(counter: Counter[str], between: str = ", ") -> str:
    """Return counts as text, by name; a dash for none."""
    return between.join(f"{name} {count}" for name, count in sorted(counter.items())) or "–"
