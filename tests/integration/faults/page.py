"""docs/fault-matrix.md: written from the matrix, and read again to see whether it still tells the truth."""

from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby
from pathlib import Path

from tests.integration.faults.cells import MEANING
from tests.integration.faults.kinds import FAULTS
from tests.integration.faults.points import Point

PAGE = Path(__file__).parents[3] / "docs" / "fault-matrix.md"
Signs = Mapping[str, list[str]]
HEAD = """# The fault matrix

Every remote call that a function makes is found by watching stories run. Each goes wrong in seven ways, and what was
not finished is then delivered again by the cloud's rules, or put back by `redrive`. Whatever goes wrong: nothing is
sent twice; what was due is sent or has a reason; counters are what the behaviours say; no row is half moved; what was
acknowledged is stored. Where the fault passes by itself (the first five), the end is the end of a clean run.

`python -m tests.integration.faults` prints this page, `--write` stores it (about ten minutes), `--new` plays only the
calls that the stored page lacks. `tests/integration/faults` plays it: a sample in `make test`, all of it in `make
prove`. A test compares the calls below with those that the functions make. A number in brackets tells apart calls that
were come to by different ways.

| way | what happens |
|---|---|
| killed before, killed after | the process is gone before, or after, the call |
| throttled | too much at this moment: AWS throttles, WeCom answers 45033 |
| answer lost | accepted, but no answer comes in time |
| overtaken | just before the call, another delivery of the same event comes and is taken to its end |
| refused | an answer that this call would always get: a validation error, a missing parameter, WeCom's final code |
| forbidden | every such call of the function fails until it is mended: a policy that lacks the action, status 403 |
"""
LEGEND = "\n| sign | what became of it |\n|---|---|\n"


def written(points: Iterable[Point], signs: Signs) -> str:
    """Return the page."""
    legend = "".join(f"| {sign} | {text} |\n" for sign, text in MEANING.items())
    ordered = sorted(points, key=lambda point: (point.function, point.number, point.call, point.way))
    tables = [table(function, list(mine), signs) for function, mine in groupby(ordered, lambda each: each.function)]
    return HEAD + LEGEND + legend + "".join(tables)


def table(function: str, points: list[Point], signs: Signs) -> str:
    """Return one function's part. A number in brackets tells apart what was come to by different ways."""
    heads = "".join(f" {fault} |" for fault in FAULTS)
    lines = [f"| {name_of(point)} | {' | '.join(signs[point.id])} |\n" for point in points]
    return f"\n## {function}\n\n| call |{heads}\n|---|{'---|' * len(FAULTS)}\n" + "".join(lines)


def name_of(point: Point) -> str:
    """Return what a line begins with: the point's id without its function, which the heading names."""
    return point.id.removeprefix(f"{point.function} ")


def read(text: str) -> dict[str, list[str]]:
    """Return the signs of each point on a page, by the point's id."""
    return dict(lines_of(text))


def lines_of(text: str) -> Iterator[tuple[str, list[str]]]:
    """Yield each point with its signs."""
    function = ""
    for line in text.splitlines():
        if line.startswith("## "):
            function = line.removeprefix("## ")
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if function and len(cells) == 1 + len(FAULTS) and cells[0][:1].isdigit():
            yield f"{function} {cells[0]}", cells[1:]
