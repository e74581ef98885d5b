"""`redrive`: puts back what a function could not process, after the repair."""

from argparse import Namespace
from collections.abc import Iterator

from infra.cli.connect import Connection
from infra.cli.failure_queue import Failed, FailureQueue
from infra.cli.putting_back import NotPutBackError, Puller, puller_for
from infra.cli.screen import progress, say, say_json

Outcome = dict[str, str]


def run(chosen: Namespace, connection: Connection) -> int:
    """Put messages back, or show them; return 1 when any had to stay."""
    puller = puller_for(chosen.function, connection)
    queue = FailureQueue(connection.client("sqs"), connection.physical(puller.failures))
    kept: list[Failed] = []
    with progress(f"{chosen.function}: failures", queue.count(), is_quiet=chosen.json) as seen:
        outcomes = []
        for outcome in worked_through(queue, puller, chosen, kept):
            outcomes.append(outcome)
            seen()
    queue.give_back(kept)
    show(chosen, outcomes)
    return 1 if any(outcome["fate"] == "kept" for outcome in outcomes) else 0


def worked_through(queue: FailureQueue, puller: Puller, chosen: Namespace, kept: list[Failed]) -> Iterator[Outcome]:
    """Yield what becomes of each message. Only one that is put back leaves the queue; `kept` collects the others.

    One that fails again comes to the queue again, perhaps at once: it is not tried a second time.
    """
    tried: set[str] = set()
    for message in queue.messages(chosen.limit):
        name, why = puller.name_of(message), puller.reason_of(message)
        if chosen.dry_run:
            fate = {"fate": "waits"}
        elif name in tried and puller.is_back(message):
            fate = {"fate": "kept", "why": f"failed again: {why}"}
        else:
            fate = tried_to_put_back(message, puller)
        tried.add(name)
        if fate["fate"] == "put back":
            queue.drop(message)
        else:
            kept.append(message)
        yield {"message": message.message_id, "what": name, "why": why, **fate}


def tried_to_put_back(message: Failed, puller: Puller) -> Outcome:
    """Put a message back; return what became of it."""
    try:
        return {"fate": "put back", "how": puller.put_back(message)}
    except NotPutBackError as error:
        return {"fate": "kept", "why": str(error)}


def show(chosen: Namespace, outcomes: list[Outcome]) -> None:
    """Print what became of each message."""
    if chosen.json:
        say_json(outcomes)
        return
    for outcome in outcomes:
        how = f" {outcome['how']}" if "how" in outcome else ""
        say(f"{outcome['fate']}{how}: {outcome['what']} ({outcome['why']})")
    if not outcomes:
        say(f"nothing has failed in {chosen.function}")
