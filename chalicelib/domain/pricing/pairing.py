"""Which usage line belongs to which report.

Both carry the request id, and most ids have one of each. But Lambda tries an asynchronous call again under the same
id, so an id may have several reports, and some of them no usage line: those of timeouts and crashes. A usage line is
printed when its invocation ends, and the report follows within moments, while the next try is a minute away. So what
is nearest in time belongs together.
"""

from collections.abc import Iterator, Sequence

from chalicelib.domain.pricing.facts import Report, Usage


def paired(usages: Sequence[Usage], reports: Sequence[Report]) -> Iterator[tuple[Report, Usage | None]]:
    """Yield every report with its usage line, or with None. The order in which they were seen does not matter."""
    if len(usages) <= 1 and len(reports) == 1:
        yield reports[0], usages[0] if usages else None
        return
    open_usages = sorted(range(len(usages)), key=lambda number: order(usages[number]))
    open_reports = sorted(range(len(reports)), key=lambda number: order(reports[number]))
    while open_usages and open_reports:
        pairs = [(far(usages[u], reports[r]), r, u) for r in open_reports for u in open_usages]
        _, report, usage = min(pairs, key=lambda pair: pair[0])
        open_reports.remove(report)
        open_usages.remove(usage)
        yield reports[report], usages[usage]
    yield from ((reports[number], None) for number in open_reports)


def far(usage: Usage, report: Report) -> tuple[int, tuple[int, str], tuple[int, str]]:
    """Return how far apart two facts are; among equals the earlier ones come first."""
    return abs(report.at - usage.at), order(report), order(usage)


def order(fact: Usage | Report) -> tuple[int, str]:
    """Return what puts facts in an order of their own."""
    return fact.at, fact.model_dump_json()
