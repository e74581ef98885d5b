"""Announcing once more what is planned for a customer, where nobody can tell whether it was announced."""

from datetime import datetime, timedelta

from chalicelib.gateways import schedules
from chalicelib.models import allowances
from chalicelib.models.pushes import PushRow

RECENT = timedelta(days=2)  # a wake-up comes back for half an hour; the rest is for the zones in which days are counted


def announce_again(customer_id: str, now: datetime) -> None:
    """Ask again for the delivery of a customer's pushes that still wait for it.

    A step that was killed between planning its push and asking for the delivery comes back; if its run was moved on
    meanwhile, the step is over and this is the last chance. Asked for in vain, a delivery finds nothing to do.
    """
    for member, claim in allowances.allowance_of(customer_id).claims.items():
        push = PushRow.fetch(claim.batch, member) if claim.day + RECENT >= now.date() else None
        if push and push.state == "planned":
            until_slot = schedules.Wait(due_at=push.slot, since=push.planned_at)
            schedules.gather(push.batch, schedules.bucket_for(until_slot, now), until_slot, now)
