"""`accounted`: proves that what was due is sent, or has a reason."""

import json
from argparse import Namespace
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from chalicelib.domain.accounting import Accounting, Run
from chalicelib.models.audits import rows_to_read
from chalicelib.services.account_for_steps import account_for_steps
from infra.cli.connect import Connection
from infra.cli.failure_queue import FailureQueue
from infra.cli.screen import progress, say, say_json, show_table

WHERE_WAKEUPS_FAIL = ("RunStepFailures", "ScheduleFailures", "UndeliveredSchedules")
SHOWN = 20


def run(chosen: Namespace, connection: Connection) -> int:
    """Return 0 when everything is accounted for, else 1."""
    with progress("reading runs and pushes", rows_to_read(), is_quiet=chosen.json) as seen:
        result = account_for_steps(
            datetime.now(UTC), chosen.grace, connection.speed, lambda: runs_set_aside(connection), seen
        )
    if chosen.json:
        say_json(result.model_dump(mode="json") | {"due_unaccounted": result.due_unaccounted})
    else:
        show(result)
    return 1 if result.due_unaccounted else 0


def show(result: Accounting) -> None:
    """Print the counts, and the keys of what is not as it should be."""
    rows = [*rows_of("runs", result.enrolments), *rows_of("running in", result.stages),
            *rows_of("pushes", result.pushes), *rows_of("group-sends", result.group_sends)]
    show_table(f"at {result.at:%Y-%m-%d %H:%M:%S}Z", ("what", "state and reason", "count"), rows)
    for text, keys in (
        ("set aside: their wake-up lies in a failure queue; repair and redrive", result.set_aside),
        ("OVERDUE: no step ran, no reason is stored", result.overdue),
        ("WAITING: planned, and no group-send took them", result.waiting),
        ("OPEN: group-sends that the platform has not confirmed", result.open_sends),
    ):
        for line in listed(text, keys):
            say(line)
    say(f"due and neither sent nor reasoned: {result.due_unaccounted}",
        style="bold red" if result.due_unaccounted else "bold green")


def rows_of(what: str, counts: Mapping[str, int]) -> list[tuple[str, str, int]]:
    """Return counts as rows of a table."""
    return [(what, name, number) for name, number in counts.items()]


def listed(text: str, keys: tuple[str, ...]) -> Iterator[str]:
    """Yield keys under a heading, the first of many."""
    if keys:
        yield f"{text} ({len(keys)})"
        yield from (f"  {key}" for key in keys[:SHOWN])
    if len(keys) > SHOWN:
        yield f"  … and {len(keys) - SHOWN} more: --json lists all"


def runs_set_aside(connection: Connection) -> dict[Run, str]:
    """Return the runs whose wake-up lies in a failure queue, and why it does. The messages stay there."""
    found: dict[Run, str] = {}
    for logical_id in WHERE_WAKEUPS_FAIL:
        queue = FailureQueue(connection.client("sqs"), connection.physical(logical_id))
        messages = list(queue.messages())
        for message in messages:
            body = json.loads(message.body)
            if run := run_in(body):
                found[run] = f"{logical_id}: {body.get('reason', 'given up after all retries')}"
        queue.give_back(messages)
    return found


def run_in(body: Mapping[str, Any]) -> Run | None:
    """Return the run that a failed message is about; None for the bare news that a batch of a stream failed."""
    record = body.get("record", {})
    told = json.loads(record["body"]) if "body" in record else body
    keys = record.get("dynamodb", {}).get("Keys")
    if keys:
        told = {name: value["S"] for name, value in keys.items()}
    return (told["customer_id"], told["run"]) if {"customer_id", "run"} <= told.keys() else None
