"""Running an SOP step that is due: a push, a stored reason, or a later look."""

from datetime import datetime
from typing import Any

from chalicelib.domain.customer import Customer, Relation
from chalicelib.domain.enrolment import Enrolment
from chalicelib.domain.journey_pause import held
from chalicelib.domain.playbook.journeys import Stage, Step
from chalicelib.domain.playbook.playbook import Playbook
from chalicelib.domain.pressure import Allowance, Claim, local_day, refusal
from chalicelib.domain.push import Push, digest
from chalicelib.domain.stages import with_next_step
from chalicelib.domain.steps import Decision, Send, Skip, decide, slot_for
from chalicelib.domain.timing import zone_of
from chalicelib.errors import PermanentError
from chalicelib.gateways import schedules
from chalicelib.metering.inputs import noted
from chalicelib.models import allowances, skips
from chalicelib.models.customers import CustomerRow
from chalicelib.models.enrolments import EnrolmentRow
from chalicelib.models.pushes import PushRow
from chalicelib.schemas.wakeups import StepDue
from chalicelib.services.announce_again import announce_again
from chalicelib.services.charge import charge_enrolments, charge_pushes, journey_key
from chalicelib.services.hold_journey import pause_holding
from chalicelib.services.read_playbooks import playbook as published


def run_step(due: StepDue, now: datetime) -> None:
    """Run one step of one enrolment, once, however often its wake-up comes.

    A wake-up of a version that the enrolment has left only announces again what is planned. Otherwise: the customer's
    allowance takes the push in (which also makes the decision final), the push is planned, its delivery is asked for,
    and only then the enrolment moves on. Each of these is repeatable, so a delivery that was killed is done again from
    the start and finds the same push; unless the enrolment has moved on for another reason meanwhile. A step that is
    not sent leaves its reason in the same transaction that moves on.
    """
    enrolment = EnrolmentRow.fetch(due.customer_id, due.run)
    if enrolment is None or enrolment.version != due.version or enrolment.due_at is None:
        noted("step", False, key_of(due))
        announce_again(due.customer_id, now)
        return
    customer = CustomerRow.fetch(due.customer_id)
    charge_enrolments([enrolment])
    if customer is None:
        raise PermanentError(f"enrolment {enrolment.key} has no customer")
    StepRun(enrolment, customer, max(now, enrolment.due_at), now).run()
    noted("step", True, key_of(due))


def key_of(due: StepDue) -> str:
    """Return what tells a wake-up from others."""
    return f"{due.customer_id}/{due.run}@{due.version}"


class StepRun:
    """One step of one enrolment at the moment it runs. `at` is that moment, never before it was due."""

    def __init__(self, enrolment: Enrolment, customer: Customer, at: datetime, now: datetime) -> None:
        self.enrolment, self.customer, self.at, self.now = enrolment, customer, at, now
        self.playbook: Playbook = published(enrolment.playbook, enrolment.playbook_version)
        self.stage, self.step = stage_and_step(enrolment, self.playbook)
        self.member = digest(enrolment.key, enrolment.turn, enrolment.visit, enrolment.stage, self.step.id)

    def run(self) -> None:
        """Send, skip or wait."""
        allowance = allowances.allowance_of(self.customer.customer_id)
        claim = allowance.claims.get(self.member)
        if claim:
            return self.send(claim)
        day = local_day(self.at, zone_of(self.customer.zone, self.playbook.zone))
        decision = self.decided(refusal(allowance, self.playbook, day))
        if isinstance(decision, Send):
            return self.send(self.claimed(allowance, Claim(day=day, batch=self.batch)))
        if isinstance(decision, Skip):
            return self.skip(decision.reason)
        return EnrolmentRow.store(self.later(decision.until, decision.reason))

    def decided(self, refused: str | None) -> Decision:
        """Return what is to be done: what would be sent is held while its journey is."""
        decision = decide(self.step, self.enrolment, self.customer, self.playbook, refused, self.at)
        if not isinstance(decision, Send):
            return decision
        pause = pause_holding(journey_key(self.playbook.id, self.enrolment.journey), self.at)
        return held(self.step, pause) if pause else decision

    def claimed(self, allowance: Allowance, claim: Claim) -> Claim:
        """Take the push into the customer's allowance. Raises ConflictError when another journey did so just now."""
        allowances.store(allowance.with_claim(self.member, claim))
        return claim

    def send(self, claim: Claim) -> None:
        """Plan the push, ask for its delivery and move on."""
        push = self.push(claim.batch, "planned")
        charge_pushes([push])
        noted("push", PushRow.plan(push), push.key)
        schedules.gather(push.batch, push.bucket, self.until_slot, self.now)
        EnrolmentRow.store(self.after())

    def skip(self, reason: str) -> None:
        """Store why the step is not sent, and move on."""
        push = self.push(self.skipped_batch, "skipped", reason)
        charge_pushes([push])
        skips.store(push, self.after())

    @property
    def slot(self) -> datetime:
        """The moment that gathers this step with others. It follows from when the step was due."""
        zone = zone_of(self.customer.zone, self.playbook.zone)
        return slot_for(self.step, self.playbook, zone, self.enrolment.due_at or self.at)

    @property
    def until_slot(self) -> schedules.Wait:
        """The wait of a push for its slot."""
        return schedules.Wait(due_at=self.slot, since=self.at)

    @property
    def batch(self) -> str:
        """What the push may share a group-send with: the same staff member, content and slot."""
        owner = self.customer.owner
        if owner is None:
            raise PermanentError(f"customer {self.customer.customer_id} has nobody who may write to them")
        return f"{owner.account}/{owner.staff}/{self.playbook.reference}/{self.step.content}/{self.slot:%Y%m%dT%H%MZ}"

    @property
    def skipped_batch(self) -> str:
        """Where the reasons of one customer are kept."""
        return f"skipped/{self.customer.customer_id}"

    def writer_for(self, batch: str) -> Relation | None:
        """Return who writes: the staff member whose batch it is, though another may own the customer by now."""
        ties = self.customer.relations.items()
        return next((tie for name, tie in ties if batch.startswith(f"{name}/")), self.customer.owner)

    def push(self, batch: str, state: Any, reason: str | None = None) -> Push:
        """Return the push of this step."""
        owner, enrolment = self.writer_for(batch), self.enrolment
        return Push(
            batch=batch,
            member=self.member,
            channel="group_send",
            customer_id=self.customer.customer_id,
            run=enrolment.run,
            stage=self.stage.id,
            step=self.step.id,
            rule=f"{self.playbook.reference}/{enrolment.journey}/{self.stage.id}/{self.step.id}",
            content=f"{self.playbook.reference}/{self.step.content}",
            account=owner.account if owner else "",
            staff=owner.staff if owner else "",
            external_userid=owner.external_userid if owner else "",
            slot=self.slot,
            planned_at=self.now,
            bucket=schedules.bucket_for(self.until_slot, self.now),
            state=state,
            because=enrolment.because,
            reason=reason,
            settled_at=self.now if state == "skipped" else None,
        )

    def after(self) -> Enrolment:
        """Return the enrolment moved on to its next step."""
        moved = self.enrolment.model_copy(update={
            "version": self.enrolment.version + 1,
            "done": (*self.enrolment.done, self.step.id),
            "since": self.at,
            "reason": None,
            "superseded": None,
        })
        return with_next_step(moved, self.stage, self.customer, self.playbook)

    def later(self, until: datetime, reason: str) -> Enrolment:
        """Return the enrolment waiting for the same step at another instant."""
        return self.enrolment.model_copy(update={
            "version": self.enrolment.version + 1,
            "due_at": until,
            "since": self.at,
            "reason": reason,
            "superseded": None,
        })


def stage_and_step(enrolment: Enrolment, playbook: Playbook) -> tuple[Stage, Step]:
    """Return the stage and step that an enrolment names. Raises PermanentError when its playbook has none such."""
    journey = playbook.journey(enrolment.journey)
    stage = journey.stage(enrolment.stage) if journey else None
    step = stage.step(enrolment.step) if stage else None
    if stage is None or step is None:
        raise PermanentError(f"{playbook.reference} has no step {enrolment.journey}/{enrolment.stage}/{enrolment.step}")
    return stage, step
