"""`settle`: books from the logs themselves. Twice is once."""

from argparse import Namespace
from datetime import UTC, datetime, timedelta

from chalicelib.services.settle_usage import Settled, settle_usage
from infra.cli.connect import Connection
from infra.cli.ledger_parser import FUNCTIONS
from infra.cli.screen import progress, say, say_json, show_table
from infra.failure import Failure

DAY = timedelta(days=1)


def run(chosen: Namespace, connection: Connection) -> int:
    """Settle; 1 when a line looks like ours and cannot be read."""
    now = datetime.now(UTC)
    until = chosen.until or now
    since = chosen.since or until - DAY
    if since >= until:
        raise Failure("--from is not before --to: name an earlier begin or a later end")
    wanted = chosen.function or ["Book"]
    names = FUNCTIONS if "all" in wanted else tuple(dict.fromkeys(wanted))
    with progress("reading logs", None, is_quiet=chosen.json) as seen:
        found = {name: settled(name, since, until, now, seen) for name in names}
    show(chosen, connection, found)
    return 1 if any(each.unreadable for each in found.values()) else 0


def settled(name: str, since: datetime, until: datetime, now: datetime, seen: object) -> Settled:
    """Settle one function's log, part by part."""
    parts = []
    for part in settle_usage(name, since, until, now):
        parts.append(part)
        if callable(seen):
            seen()
    return Settled(
        sum(part.invocations for part in parts),
        sum(part.booked for part in parts),
        tuple(line for part in parts for line in part.unreadable),
    )


def show(chosen: Namespace, connection: Connection, found: dict[str, Settled]) -> None:
    """Print what came of it."""
    if chosen.json:
        say_json({name: {**vars(each), "unreadable": [vars(line) for line in each.unreadable]}
                  for name, each in found.items()})
        return
    rows = [(name, each.invocations, each.booked, len(each.unreadable)) for name, each in found.items()]
    show_table(f"settled in {connection.stack}", ("function", "invocations", "newly booked", "unreadable lines"), rows)
    for name, each in found.items():
        for line in each.unreadable:
            say(f"  {name} {line.stream} at {line.at}: {line.reason}")
