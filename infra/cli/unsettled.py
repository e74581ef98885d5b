"""`unsettled`: invocations of which the ledger knows only a half."""

from argparse import Namespace
from datetime import UTC, datetime

from chalicelib.domain.pricing.invocation import Invocation
from chalicelib.models.ledger import unsettled
from infra.cli.connect import Connection
from infra.cli.screen import say_json, show_table

LACKS = {"waiting": "a report: nothing is priced yet", "unattributed": "a usage line: booked as (unattributed)"}


def run(chosen: Namespace, connection: Connection) -> int:
    """List them, the oldest first; 1 when there are any."""
    found = sorted(unsettled(), key=lambda each: each[1].seen_at)
    if chosen.json:
        say_json([told(request_id, invocation) for request_id, invocation in found])
    else:
        rows = [told(request_id, invocation).values() for request_id, invocation in found]
        show_table(f"unsettled in {connection.stack}", ("request id", "function", "at", "lacks", "ended"),
                   [tuple(row) for row in rows])
    return 1 if found else 0


def told(request_id: str, invocation: Invocation) -> dict[str, str]:
    """Return an invocation for a program."""
    ends = sorted({report.status for report in invocation.reports})
    return {
        "request_id": request_id,
        "function": invocation.function,
        "at": f"{datetime.fromtimestamp(invocation.seen_at / 1000, UTC):%Y-%m-%d %H:%M:%S}Z",
        "lacks": LACKS[invocation.state],
        "ended": ", ".join(ends) or "-",
    }
