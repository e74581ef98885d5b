"""A push's fate as a behaviour of its customer: this closes the loop."""

from datetime import datetime

from chalicelib.domain.behaviour import Behaviour
from chalicelib.domain.push import Push, digest


def push_behaviour(push: Push, corp_id: str, at: datetime, now: datetime) -> Behaviour:
    """Return `chaoxi.push_delivered` or `chaoxi.push_failed`; the same row however often it is told."""
    told = {
        "push": push.key,
        "content": push.content,
        "journey": push.run.partition("#")[0],
        "run": push.run,
        "stage": push.stage,
        "step": push.step,
        "reason": push.reason,
    }
    return Behaviour(
        subject=f"wecom:{corp_id}:{push.external_userid}",
        occurred_at=at,
        id=digest("push", push.key, push.state),
        name=f"chaoxi.push_{push.state}",
        account=push.account,
        source="chaoxi",
        received_at=now,
        properties={name: value for name, value in told.items() if value},
        staff=push.staff,
    )
