"""A second ledger, computed from the raw logs and the book's file by itself: it shares no code with the first one."""

import json
import re
from collections import defaultdict
from collections.abc import Iterable
from datetime import UTC, datetime
from fractions import Fraction
from pathlib import Path
from typing import Any

from tests.integration.ledger.raw import Line

BOOK = Path(__file__).parents[3] / "chalicelib" / "domain" / "pricing" / "books" / "2026-11-22.1.json"
DIMENSIONS = ["account", "journey", "stage", "step", "content", "staff"]
NOBODY = tuple((dimension, "(unattributed)") for dimension in DIMENSIONS)
TEXT = re.compile(r"^REPORT RequestId: (\S+)\s.*Billed Duration: (\d+) ms\s+Memory Size: (\d+) MB", re.DOTALL)
PRICE_OF = {
    "lambda_requests": ("lambda_requests", 10**6),
    "wru": ("dynamodb_writes", 10**9),
    "rru": ("dynamodb_reads", 10**9),
    "sqs_requests": ("sqs_requests", 10**6),
    "scheduler_invocations": ("scheduler_invocations", 10**6),
    "api_requests": ("api_requests", 10**6),
    "data_out_bytes": ("data_out", 2**30),
    "log_bytes": ("log_ingestion", 2**30),
    "ssm_requests": ("ssm_requests", 10**6),
    "wecom_calls": ("wecom_calls", 10**6),
}
Place = tuple[Any, ...]


class Second:
    """Quantities and amounts by (day, function, key, component); an amount of a component without a price is None."""

    def __init__(self, region: str, processor: str = "arm64") -> None:
        content = json.loads(BOOK.read_text())["regions"][region]["prices"]
        names = {**PRICE_OF, "lambda_mb_ms": (f"lambda_{processor}", 1024 * 1000)}
        self.prices = {part: atto(content[name]["price"], units) for part, (name, units) in names.items()}
        self.used: dict[Place, int] = defaultdict(int)
        self.paid: dict[Place, int] = defaultdict(int)
        self.totals: dict[str, int] = defaultdict(int)
        self.reports = 0

    def add(self, place: Place, component: str, used: int, paid: int | None) -> None:
        """Add to a place."""
        self.used[*place, component] += used
        if paid is not None:
            self.paid[*place, component] += paid
            self.totals[component] += paid

    def count(self, lines: Iterable[Line]) -> "Second":
        """Take logs in, each stream's lines in their order."""
        said: dict[tuple[str, str, str], tuple[dict[str, Any], Line]] = {}
        for line in lines:
            usage = usage_in(line.message)
            if usage:
                said[line.function, line.stream, usage["request_id"]] = usage, line
            elif report := report_in(line.message):
                key = line.function, line.stream, report[0]
                self.book(line, report, *said.pop(key, (None, None)))
        return self

    def book(self, line: Line, report: tuple[str, int, int], usage: Any, printed: Line | None) -> None:
        """Book one invocation."""
        self.reports += 1
        day = datetime.fromtimestamp(line.at / 1000, UTC).date()
        rows = {NOBODY: {}} if usage is None else {key_in(row["key"]): row for row in usage["rows"]} or {(): {}}
        keys = sorted(rows)
        walls = [rows[key].get("wall_ns", 0) for key in keys]
        whole = {"lambda_requests": 1, "lambda_mb_ms": report[1] * report[2], "log_bytes": size(line) + size(printed)}
        whole |= {"sqs": {"sqs_requests": 2}, "http": {"api_requests": 1}}.get(usage["trigger"] if usage else "", {})
        for component, number in whole.items():
            self.divide([(day, line.function, key) for key in keys], walls, component, number)
        for key in keys:
            for component, number in counted(rows[key]).items():
                self.divide([(day, line.function, key)], [1], component, number)

    def divide(self, places: list[Place], walls: list[int], component: str, number: int) -> None:
        """Divide a number, and what it costs, over places."""
        price = self.prices.get(component)
        paid = [None] * len(places) if price is None else divided(number * price, walls)
        for place, mine, cost in zip(places, divided(number, walls), paid, strict=True):
            self.add(place, component, mine, cost)


def atto(price: str | None, units: int) -> int | None:
    """Return a price in atto; Python rounds a fraction half to even."""
    return None if price is None else round(Fraction(price) * 10**18 / units)


def usage_in(message: str) -> dict[str, Any] | None:
    """Return a usage line."""
    content = parsed(message)
    return content if content.get("kind") == "usage" and "rows" in content else None


def report_in(message: str) -> tuple[str, int, int] | None:
    """Return request id, milliseconds and MB of a report."""
    if found := TEXT.match(message):
        return found[1], int(found[2]), int(found[3])
    content = parsed(message)
    if content.get("type") != "platform.report":
        return None
    metrics = content["record"]["metrics"]
    return content["record"]["requestId"], metrics["billedDurationMs"], metrics["memorySizeMB"]


def parsed(message: str) -> dict[str, Any]:
    """Return a line's JSON object; an empty one for anything else."""
    try:
        content = json.loads(message)
    except ValueError:
        return {}
    return content if isinstance(content, dict) else {}


def key_in(named: dict[str, str]) -> tuple[tuple[str, str], ...]:
    """Return a key in the order of the dimensions."""
    return tuple((dimension, named[dimension]) for dimension in DIMENSIONS if dimension in named)


def counted(row: dict[str, Any]) -> dict[str, int]:
    """Return what a row counted by itself."""
    calls = row.get("calls", {})
    numbers = {"wru": row.get("wru", 0), "rru": row.get("rru", 0), "data_out_bytes": row.get("bytes_out", 0)}
    for call, times in calls.items():
        name = (
            "" if call.endswith(".refused") or call.startswith("dynamodb.") or call == "scheduler.DeleteSchedule"
            else "sqs_requests" if call.startswith("sqs.")
            else "scheduler_invocations" if call == "scheduler.CreateSchedule"
            else "ssm_requests" if call.startswith("ssm.")
            else "wecom_calls" if call.startswith("wecom.")
            else "other_calls"
        )
        numbers[name] = numbers.get(name, 0) + times
    return {name: number for name, number in numbers.items() if name and number}


def divided(total: int, weights: list[int]) -> list[int]:
    """Split a number by weights; what is left over goes one by one to whoever lost most, the earlier of equals."""
    weights = weights if any(weights) else [1] * len(weights)
    exact = [Fraction(total * weight, sum(weights)) for weight in weights]
    whole = [int(share) for share in exact]
    losers = sorted(range(len(exact)), key=lambda number: (whole[number] - exact[number], number))
    for number in losers[: total - sum(whole)]:
        whole[number] += 1
    return whole


def size(line: Line | None) -> int:
    """Return what CloudWatch charges a line as."""
    return 0 if line is None else len(line.message.encode()) + 26
