"""Coming back to a batch that WeCom cannot take now: by a schedule, so that it costs none of the queue's tries."""

from datetime import datetime

from chalicelib.domain.holding import comes_back_at, is_given_up
from chalicelib.domain.push import playbook_of
from chalicelib.domain.windows import next_allowed
from chalicelib.domain.zones import zone_named
from chalicelib.errors import PermanentError
from chalicelib.gateways import schedules
from chalicelib.gateways.wecom.trouble import HeldError, TroubleError
from chalicelib.observability import count, logger
from chalicelib.schemas.wakeups import BatchDue
from chalicelib.services.deliver_batch import deliver_batch
from chalicelib.services.read_playbooks import playbook
from chalicelib.services.wecom_apps import WeComApps


def deliver_or_come_back(due: BatchDue, now: datetime, apps: WeComApps) -> None:
    """Deliver a batch; where the platform cannot take it, plan the next visit and be done with this one.

    What the visit found is on the group-send's row before the next one is planned, and this message is gone only
    after that: killed in between, it comes back by itself, and two visits one after the other are what the batch is
    made for. A visit that is late because of an outage waits for the end of the playbook's quiet hours: staff would
    get, and customers too, at night what was meant for the evening. Raises PermanentError after a day.
    """
    wakes_at = quiet_until(due.batch, now) if due.tries else None
    if wakes_at:
        return visit_again(due, now, wakes_at)
    try:
        return deliver_batch(due.batch, due.bucket, now, apps)
    except TroubleError as error:
        return hold(due, error, apps.tokens.clock())


def hold(due: BatchDue, error: TroubleError, now: datetime) -> None:
    """Plan the visit after one that failed, which may have taken minutes: `now` is its end."""
    if is_given_up(due.since or now, now):
        raise PermanentError(f"WeCom could not take it for a day: {error}") from error
    until = comes_back_at(now, due.tries, error.until if isinstance(error, HeldError) else None)
    count("BatchHeld")
    logger.warning("WeCom cannot take a batch now", extra={"batch": due.batch, "reason": str(error), "until": until})
    visit_again(due, now, until)


def visit_again(due: BatchDue, now: datetime, at: datetime) -> None:
    """Have the batch visited at an instant."""
    again = due.model_copy(update={"since": due.since or now, "tries": due.tries + 1})
    schedules.visit_again(due.batch, again.model_dump(mode="json"), at)


def quiet_until(batch: str, now: datetime) -> datetime | None:
    """Return when the quiet hours of a batch's playbook end, by the playbook's own zone; None outside of them."""
    book = playbook(*playbook_of(batch))
    zone = zone_named(book.zone)
    opens = next_allowed((), book.quiet, now, zone) if zone else None
    return opens if opens and opens > now else None
