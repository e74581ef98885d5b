"""Greet: a customer who has just followed gets their welcome within 20 seconds."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from chalicelib.domain.behaviour import Behaviour
from chalicelib.domain.group_sending import Fate
from chalicelib.domain.identity import customer_id_for, strongest_first
from chalicelib.domain.playbook.content import Content
from chalicelib.domain.push import Push, digest
from chalicelib.errors import TransientError
from chalicelib.gateways.wecom.client import WeComApp
from chalicelib.gateways.wecom.transport import READ_SECONDS
from chalicelib.gateways.wecom.trouble import HeldError, NoAnswerError, RefusedError
from chalicelib.gateways.wecom.welcome import send_welcome
from chalicelib.metering.inputs import noted
from chalicelib.models.behaviours import BehaviourRow
from chalicelib.models.identities import IdentityRow
from chalicelib.models.pushes import PushRow
from chalicelib.observability import count, logger
from chalicelib.services.charge import charge_pushes
from chalicelib.services.learn_contact import learn_contact
from chalicelib.services.read_content import read_content
from chalicelib.services.read_playbooks import live_playbooks
from chalicelib.services.wecom_apps import WeComApps

WINDOW = timedelta(seconds=18)  # the code lives 20 s from a whole second, and the call has to get there
AGAIN_SECONDS = 1.0
NAMELESS = "朋友"
ATTEMPTS = int(WINDOW.total_seconds() / AGAIN_SECONDS)
NO_WELCOME = Fate("skipped", "no_welcome")
TOO_LATE = Fate("skipped", "welcome_too_late")
UNANSWERED = Fate("unknown", "no_answer")


@dataclass(frozen=True)
class Greeting:
    """One welcome: whom for, from which playbook, and until when."""

    follow: Behaviour
    push: Push
    app: WeComApp
    clock: Callable[[], datetime]
    pause: Callable[[float], None]

    @property
    def seconds_left(self) -> float:
        """How much of the window is left."""
        return (self.follow.occurred_at + WINDOW - self.clock()).total_seconds()


def greet_customer(
    subject: str, position: str, apps: WeComApps, clock: Callable[[], datetime], pause: Callable[[float], None]
) -> None:
    """Send the welcome of one follow, once.

    The push is planned first, so that a welcome leaves a trace whatever happens next. Reading the contact changes
    nothing at the platform, and what it tells is a row derived from the follow. Then the call: a crash after it,
    before its answer is written, lets the next delivery call again, and that is safe, because a welcome code works
    once and a second call with it is answered "done". Therefore a call without an answer is simply repeated too, which
    no other send may do. Every way out leaves a reason on the push.
    """
    follow = BehaviourRow.fetch(subject, position)
    if follow is None or not follow.welcome_code or not follow.staff:
        return
    app = apps.app(follow.account)
    wanted = welcome_push(follow, follow.staff, follow.welcome_code, clock())
    charge_pushes([wanted])
    push = planned(wanted)
    if push is None:
        return
    greeting = Greeting(follow, push, app, clock, pause)
    fate = greet(greeting) if push.content else NO_WELCOME
    if fate == TOO_LATE:
        count("WelcomeLate")
        logger.warning("too late to welcome", extra={"because": follow.key, "seconds_left": greeting.seconds_left})
    state, reason = fate
    PushRow.settle(push.model_copy(update={"state": state, "reason": reason, "settled_at": clock()}), "planned")


def planned(push: Push) -> Push | None:
    """Return the push as it was first planned; None when it came to its end before."""
    if PushRow.plan(push):
        noted("welcome", True, push.key)
        return push
    stored = PushRow.fetch(push.batch, push.member)
    if stored and stored.state == "planned":
        return stored
    noted("welcome", False, push.key)
    return None


def greet(greeting: Greeting) -> Fate:
    """Render the welcome with the customer's name, and send it."""
    if greeting.seconds_left <= 0:
        return TOO_LATE
    name = learn_contact(greeting.app, greeting.follow, greeting.clock())
    variables = {"customer_name": name or NAMELESS, "channel": channel_of(greeting.follow) or ""}
    return welcome(greeting, read_content(greeting.push.content).rendered(variables))


def welcome(greeting: Greeting, content: Content) -> Fate:
    """Call until the platform answers or the window closes, once a second.

    The attempts are counted too, so that a clock that stands still cannot keep this going.
    """
    fate = TOO_LATE
    for _ in range(ATTEMPTS):
        if greeting.seconds_left <= 0:
            break
        try:
            send_welcome(greeting.app, greeting.follow.welcome_code or "", content, READ_SECONDS)
        except (RefusedError, HeldError) as error:
            return Fate("failed", error.reason)
        except TransientError as error:
            fate = UNANSWERED if isinstance(error, NoAnswerError) else fate
            greeting.pause(AGAIN_SECONDS)
        else:
            return Fate("delivered")
    return fate


def channel_of(follow: Behaviour) -> str | None:
    """Return the state of the QR code or link that the customer came by."""
    state = follow.properties.get("state")
    return str(state) if state else None


def welcome_push(follow: Behaviour, staff: str, code: str, now: datetime) -> Push:
    """Return the push of a welcome; its key is made of the code, so that one code is one push."""
    book = next((book for book in live_playbooks(now) if book.welcome_for(channel_of(follow))), None)
    reference = book.reference if book else ""
    return Push(
        batch=f"welcome/{follow.account}/{staff}",
        member=digest(code),
        channel="welcome",
        customer_id=customer_id_of(follow),
        run="",
        stage="",
        step="welcome",
        rule=f"{reference}/welcome",
        content=f"{reference}/{book.welcome_for(channel_of(follow))}" if book else "",
        account=follow.account,
        staff=staff,
        external_userid=follow.subject.rpartition(":")[2],
        slot=follow.occurred_at,
        planned_at=now,
        bucket=0,
        state="planned",
        because=follow.key,
    )


def customer_id_of(follow: Behaviour) -> str:
    """Return whose follow it is; the id that `tag` is about to give them when nobody has them yet."""
    identities = strongest_first((follow.subject, *follow.also))
    owners = (IdentityRow.customer_of(identity) for identity in identities)
    return next((owner for owner in owners if owner), None) or customer_id_for(identities[0])
