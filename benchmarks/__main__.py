"""`make bench`: one table, and the same as JSON in .build/bench.json."""

import json
import os
from pathlib import Path

from rich.console import Console
from rich.table import Table

RESULT = Path(__file__).parents[1] / ".build" / "bench.json"


def main() -> None:
    """Measure everything and print it."""
    os.environ.update(STAGE="bench", STACK="chaoxi-bench", AWS_DEFAULT_REGION="ap-southeast-1")
    from benchmarks import callback, loading, rules

    table = Table("figure", "value", "unit")
    rows = []
    for part in (loading, callback, rules):
        with Console(stderr=True).status(f"measuring {part.__name__.rpartition('.')[2]} …"):
            rows += part.rows()
    for what, value, unit in rows:
        table.add_row(what, f"{value:,.2f}", unit)
    Console().print(table)
    RESULT.parent.mkdir(exist_ok=True)
    figures = [{"figure": what, "value": value, "unit": unit} for what, value, unit in rows]
    RESULT.write_text(json.dumps(figures, ensure_ascii=False, indent=1))


if __name__ == "__main__":
    main()
