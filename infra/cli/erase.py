"""`erase`: deletes all that is stored of a person, and leaves a receipt that names nobody."""

from argparse import Namespace
from datetime import UTC, datetime

from chalicelib.domain.erasure import Receipt, Work
from chalicelib.services.erase_person import erase_person, plan_erasure
from infra.cli.connect import Connection
from infra.cli.people import customer_to_erase, lasting_salt, receipt_for
from infra.cli.screen import say, say_json, show_table

ELSEWHERE = (
    "backups (point-in-time recovery) keep it up to 35 days, failure and rejects queues up to 14",
    "WeCom keeps the contact and the chats: the staff member deletes them there",
    "what was already on its way may write again within 15 minutes: run the same command once more after that",
)


def run(chosen: Namespace, connection: Connection) -> int:
    """Erase, or say what would go: then the code is 1, because nothing is erased."""
    customer_id = customer_to_erase(chosen.person, connection)
    if customer_id is None:
        return repeat(chosen, connection)
    if not chosen.confirm:
        plan(chosen, plan_erasure(customer_id, datetime.now(UTC)))
        return 1
    show(chosen, erase_person(customer_id, lasting_salt(connection), datetime.now(UTC)), "erased")
    return 0


def repeat(chosen: Namespace, connection: Connection) -> int:
    """Print the receipt of an erasure that ended before."""
    receipt = receipt_for(chosen.person, connection)
    if receipt:
        show(chosen, receipt, "was erased before")
    return 0


def plan(chosen: Namespace, work: Work) -> None:
    """Say what would go."""
    if chosen.json:
        say_json(work.model_dump(mode="json"))
        return
    show_table(f"of {work.customer_id} would be deleted", ("table", "rows"), work.found.items())
    say(f"known as {', '.join(work.identities) or 'nothing'}")
    say("nothing is deleted yet: add --confirm")


def show(chosen: Namespace, receipt: Receipt, title: str) -> None:
    """Print the receipt."""
    if chosen.json:
        say_json(receipt.model_dump(mode="json") | {"elsewhere": ELSEWHERE})
        return
    heading = f"{title}: receipt {receipt.receipt}, {receipt.erased_at:%Y-%m-%d %H:%M:%S}Z"
    show_table(heading, ("table", "rows"), receipt.deleted.items())
    say(f"{receipt.wakeups_cancelled} wake-ups taken back; known again by tombstone {', '.join(receipt.tombstones)}")
    for line in ELSEWHERE:
        say(f"- {line}")
