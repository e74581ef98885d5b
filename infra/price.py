"""What a stage costs while nothing happens: each resource with its price, or why it is free.

python -m infra.price --stage prod
"""

import argparse
from collections import Counter
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from chalicelib.domain.pricing.book import PriceBook
from chalicelib.domain.pricing.shelf import Shelf
from infra.cli.forecast_sources import shipped
from infra.cli.screen import say, say_json, show_table
from infra.failure import run
from infra.fixed_costs import FREE, OUTSIDE, Fixed, Idle, fixed_costs
from infra.package import STAGES
from infra.permissions import read_permissions


def shown(number: Decimal | None, unknown: str = "NO PRICE") -> str:
    """Return a number for people."""
    if number is None:
        return unknown
    return f"{number:,.4f}".rstrip("0").rstrip(".")


def show(stage: str, book: PriceBook, lines: list[Fixed], kinds: Counter[str]) -> None:
    """Print what costs something, what it adds up to, and what costs nothing and why."""
    heads = ("what", "how many", "per", book.currency, "a month", "because")
    rows = [(one.what, shown(one.number), one.per, shown(one.price), shown(one.cost), one.why) for one in lines]
    show_table(f"stage {stage} while idle, in {book.region}, price book {book.version}", heads, rows)
    say(f"a month: {shown(total(lines))} {book.currency}" + missing(lines), style="bold")
    say("")
    free = [(f"{number} × {kind}", FREE[kind]) for kind, number in sorted(kinds.items()) if kind in FREE]
    show_table("nothing", ("what", "because"), [*free, *OUTSIDE])


def total(lines: list[Fixed]) -> Decimal:
    """Return the sum of what has a price."""
    return sum((one.cost for one in lines if one.cost is not None), Decimal(0))


def missing(lines: list[Fixed]) -> str:
    """Return what the sum lacks."""
    unknown = [one.what for one in lines if one.cost is None and one.number]
    return f", and what has no price in this book: {'; '.join(unknown)}" if unknown else ""


def told(one: Fixed) -> dict[str, Any]:
    """Return a line for a program."""
    return {**vars(one), "cost": one.cost}


def options() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(prog="python -m infra.price", description="What a stage costs while it is idle.")
    parser.add_argument("--stage", required=True, choices=STAGES)
    parser.add_argument("--region", help="default: cn-north-1 for stage cn, else ap-southeast-1")
    parser.add_argument("--table-gb", type=Decimal, default=Decimal(1), help="GB in all tables (default 1)")
    parser.add_argument("--log-gb", type=Decimal, default=Decimal(1), help="GB in all logs (default 1)")
    parser.add_argument("--nat-gateways", type=int, default=0, help="those that only this stage needs (default 0)")
    parser.add_argument("--json", action="store_true", help="print JSON for a program")
    return parser.parse_args()


def main() -> int:
    """List the fixed costs of a stage."""
    chosen = options()
    region = chosen.region or ("cn-north-1" if chosen.stage == "cn" else "ap-southeast-1")
    book = Shelf.of(shipped(region)).on(datetime.now(UTC).date())
    resources = read_permissions(chosen.stage).resources
    lines = list(fixed_costs(resources, book, Idle(chosen.table_gb, chosen.log_gb, chosen.nat_gateways)))
    if chosen.json:
        say_json([told(one) for one in lines])
    else:
        show(chosen.stage, book, lines, Counter(str(body["Type"]) for body in resources.values()))
    return 0


if __name__ == "__main__":
    run(main)
