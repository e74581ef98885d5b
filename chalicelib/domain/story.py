"""A customer's story: what happened to them, a line each, and what caused it."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any, Literal

from chalicelib.domain.behaviour import Behaviour
from chalicelib.domain.customer import Customer
from chalicelib.domain.enrolment import Enrolment
from chalicelib.domain.push import GroupSend, Push
from chalicelib.domain.value import Value

LONGEST = 120
CAUSES = ("because", "push")
Sort = Literal["behaviour", "tag", "enrolment", "push", "group_send"]


class Line(Value):
    """One thing that happened. `key` names its row, `because` the row that caused it, `rule` what made it follow."""

    at: datetime
    sort: Sort
    what: str
    key: str
    because: str | None = None
    rule: str | None = None


def line_of_behaviour(behaviour: Behaviour) -> Line:
    """Return the line of a behaviour; one of our own says what it followed from."""
    properties = {name: value for name, value in behaviour.properties.items() if name not in CAUSES}
    told = ", ".join(f"{name}={value}" for name, value in properties.items())
    where = f"{behaviour.staff}@{behaviour.account}" if behaviour.staff else behaviour.account
    return Line(
        at=behaviour.occurred_at,
        sort="behaviour",
        what=f"{behaviour.name} [{where}, {behaviour.source}] {shortened(told)}".rstrip(),
        key=behaviour.key,
        because=text_or_none(behaviour.properties.get("because") or behaviour.properties.get("push")),
        rule=text_or_none(behaviour.properties.get("rule")),
    )


def line_of_push(push: Push) -> Line:
    """Return the line of a push, sent or not."""
    fate = f"{push.state} ({push.reason})" if push.reason else push.state
    by = f" by {push.staff}@{push.account}" if push.staff else ""
    sent = f", msgid {push.msgid}" if push.msgid else ""
    return Line(
        at=push.planned_at,
        sort="push",
        what=f"{push.step}: {fate}{by}{sent}",
        key=push.key,
        because=push.because,
        rule=push.rule,
    )


def line_of_send(send: GroupSend, push: Push) -> Line:
    """Return the line of the group-send that carried one of the customer's pushes."""
    named = f"msgid {send.msgid}" if send.msgid else "no msgid"
    why = f" ({send.reason})" if send.reason else ""
    return Line(
        at=send.claimed_at,
        sort="group_send",
        what=f"{send.state}{why}, {named}, {len(send.members)} members",
        key=f"{send.batch}/~send#{send.sequence:04d}",
        because=push.key,
    )


def line_of_tag(customer: Customer, name: str) -> Line:
    """Return the line of a tag, at the moment it was last earned."""
    tag = customer.tags[name]
    until = f" until {tag.until:%Y-%m-%d %H:%M}Z" if tag.until else ""
    return Line(at=tag.at, sort="tag", what=f"{name}{until}", key=f"tag/{name}", because=tag.because, rule=tag.rule)


def lines_of_enrolment(enrolment: Enrolment) -> Iterator[Line]:
    """Yield the lines of a run: when it began its present stage, and when it ended."""
    named = f"{enrolment.playbook}@{enrolment.playbook_version}/{enrolment.journey}/{enrolment.stage}"
    common: dict[str, Any] = {"sort": "enrolment", "key": enrolment.key, "because": enrolment.because, "rule": named}
    began = "entered at stage" if enrolment.visit == 1 else "moved to stage"
    yield Line(at=enrolment.stage_entered_at, what=f"{enrolment.run} {began} {enrolment.stage}", **common)
    if enrolment.ended_at:
        why = enrolment.reason or "last step"
        yield Line(at=enrolment.ended_at, what=f"{enrolment.run} {enrolment.state} ({why})", **common)


def shortened(text: str) -> str:
    """Return text that fits into a line."""
    flat = " ".join(text.split())
    return flat if len(flat) <= LONGEST else f"{flat[:LONGEST]}…"


def text_or_none(value: object) -> str | None:
    """Return a value that is text."""
    return value if isinstance(value, str) else None
