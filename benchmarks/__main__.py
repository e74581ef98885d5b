"""`make bench`: one table, and the same as JSON in .build/bench.json."""

import argparse
import json
import os
from importlib import import_module
from pathlib import Path

from rich.console import Console
from rich.table import Table

RESULT = Path(__file__).parents[1] / ".build" / "bench.json"
PARTS = ("loading", "callback", "rules", "metering", "loop", "footprint", "lag")
ENVIRONMENT = {
    "STAGE": "bench",
    "STACK": "chaoxi-bench",
    "AWS_DEFAULT_REGION": "ap-southeast-1",
    "AWS_REGION": "ap-southeast-1",
    "AWS_ACCESS_KEY_ID": "bench",
    "AWS_SECRET_ACCESS_KEY": "bench",
}


def main() -> None:
    """Measure everything, or the parts that were asked for, and print it."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description="Measure Chaoxi on this machine.")
    parser.add_argument("parts", nargs="*", metavar="PART", help=f"any of {', '.join(PARTS)} (default: all)")
    chosen = parser.parse_args().parts or PARTS
    if strangers := sorted(set(chosen) - set(PARTS)):
        parser.error(f"no part is called {', '.join(strangers)}: choose among {', '.join(PARTS)}")
    os.environ.update(ENVIRONMENT)
    # The harness's hooks must stand before anything makes a session.
    import_module("tests.harness.remote")
    figures = [figure for part in chosen for figure in measured(part)]
    show(figures)
    if not parser.parse_args().parts:
        RESULT.parent.mkdir(exist_ok=True)
        named = [{"figure": what, "value": value, "unit": unit} for what, value, unit in figures]
        RESULT.write_text(json.dumps(named, ensure_ascii=False, indent=1))


def measured(part: str) -> list[tuple[str, float, str]]:
    """Return the figures of one part."""
    with Console(stderr=True).status(f"measuring {part} …"):
        return list(import_module(f"benchmarks.{part}").rows())


def show(figures: list[tuple[str, float, str]]) -> None:
    """Print the table."""
    table = Table("figure", "value", "unit")
    for what, value, unit in figures:
        table.add_row(what, f"{value:,.5f}" if "USD" in unit else f"{value:,.2f}", unit)
    Console().print(table)


if __name__ == "__main__":
    main()
