"""Time that has passed becomes a behaviour, which the tag service takes in like any other."""

from datetime import datetime

from chalicelib import metering
from chalicelib.domain.behaviour import Behaviour
from chalicelib.domain.folding import TIME_PASSED
from chalicelib.domain.push import digest
from chalicelib.metering.inputs import noted
from chalicelib.models.behaviours import BehaviourRow
from chalicelib.models.identities import IdentityRow
from chalicelib.schemas.wakeups import TimerDue


def pass_time(due: TimerDue, now: datetime) -> None:
    """Store that a span of time is over. Its key comes from the timer, so a timer that fires twice is one behaviour.

    Nothing is stored for one who was erased meanwhile: a timer must not make a customer of them again.
    """
    metering.name(account=due.account)
    if IdentityRow.customer_of(due.subject) is None:
        return
    passed = Behaviour(
        subject=due.subject,
        occurred_at=due.due_at,
        id=digest(due.rule, due.because),
        name=TIME_PASSED,
        account=due.account,
        source="chaoxi",
        received_at=now,
        properties={"rule": due.rule, "because": due.because},
    )
    noted("timer", BehaviourRow.record(passed), passed.key)
