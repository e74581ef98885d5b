"""Walking back from what happened to what caused it: "why did they get this?"."""

import re
from collections.abc import Iterator

from chalicelib.domain.playbook.playbook import Playbook
from chalicelib.domain.story import Line, line_of_behaviour, line_of_push, line_of_send, line_of_tag, lines_of_enrolment
from chalicelib.domain.value import Value
from chalicelib.errors import PermanentError
from chalicelib.models import group_sends
from chalicelib.models.behaviours import BehaviourRow
from chalicelib.models.enrolments import EnrolmentRow
from chalicelib.models.pushes import PushRow
from chalicelib.services.find_person import Person
from chalicelib.services.read_playbooks import playbook

BEHAVIOUR = re.compile(r"(?P<subject>.+?)/(?P<position>\d{4}-\d\d-\d\dT[\d:.]+Z#.+)")
FURTHEST = 20


class Link(Value):
    """One link of a chain of causes. `line` is None for a row that has expired, `rule` what the rule says."""

    key: str
    line: Line | None
    rule: str | None = None


def walk_back(key: str, person: Person) -> list[Link]:
    """Return the chain from a push, a tag, an enrolment or a behaviour to where it began, its effect first."""
    links: dict[str, Link] = {}
    upcoming: str | None = f"tag/{key}" if key in person.customer.tags else key
    while upcoming and upcoming not in links and len(links) < FURTHEST:
        links |= {each.key: link_of(each) for each in tags_earned_by(upcoming, person) if each.key not in links}
        line = line_of(upcoming, person)
        links[upcoming] = link_of(line) if line else Link(key=upcoming, line=None)
        upcoming = line.because if line else None
    return list(links.values())


def tags_earned_by(key: str, person: Person) -> Iterator[Line]:
    """Yield the tags that a behaviour earned: they stand between it and what followed."""
    tags = person.customer.tags.items()
    yield from (line_of_tag(person.customer, name) for name, tag in tags if tag.because == key)


def line_of(key: str, person: Person) -> Line | None:
    """Return what a key names; None when it is no more."""
    scheme, _, tag = key.partition("/")
    if scheme == "tag" and tag in person.customer.tags:
        return line_of_tag(person.customer, tag)
    if found := BEHAVIOUR.fullmatch(key):
        behaviour = BehaviourRow.fetch(found["subject"], found["position"])
        return line_of_behaviour(behaviour) if behaviour else None
    return line_of_run(key, person) or line_of_sent(key, person)


def line_of_run(key: str, person: Person) -> Line | None:
    """Return the enrolment that a key names."""
    customer_id, _, run = key.partition("/")
    enrolment = EnrolmentRow.fetch(customer_id, run) if customer_id in person.customer_ids and run else None
    return next(lines_of_enrolment(enrolment), None) if enrolment else None


def line_of_sent(key: str, person: Person) -> Line | None:
    """Return the push or the group-send that a key names."""
    batch, _, member = key.rpartition("/")
    if member.startswith(group_sends.PREFIX):
        send = group_sends.fetch_send(batch, int(member.removeprefix(group_sends.PREFIX)))
        own = (push for each in person.customer_ids for push in PushRow.of_customer(each) if push.batch == batch)
        push = next(own, None)
        return line_of_send(send, push) if send and push else None
    found = PushRow.fetch(batch, member) if batch and member else None
    return line_of_push(found) if found else None


def link_of(line: Line) -> Link:
    """Return a line with what its rule says."""
    return Link(key=line.key, line=line, rule=rule_in_words(line.rule) if line.rule else None)


def rule_in_words(reference: str) -> str | None:
    """Return what `{playbook}@{version}/…` says; None when that version cannot be read."""
    book, _, path = reference.partition("/")
    name, at, version = book.rpartition("@")
    if not at or not version.isdigit():
        return None
    try:
        return said_in(playbook(name, int(version)), path.split("/"))
    except PermanentError:
        return None


def said_in(book: Playbook, path: list[str]) -> str | None:
    """Return the words of a playbook for `rule`, `journey/stage` or `journey/stage/step`."""
    rule = next((one for one in book.rules if [one.id] == path), None)
    if rule:
        return f"when {rule.when.model_dump_json(by_alias=True, exclude_unset=True)}"
    journey = book.journey(path[0])
    stage = journey.stage(path[1]) if journey and len(path) > 1 else None
    step = stage.step(path[2]) if stage and len(path) > 2 else None
    if step:
        return f"step {step.model_dump_json(by_alias=True, exclude_unset=True)}"
    return f"when {stage.when.model_dump_json(by_alias=True, exclude_unset=True)}" if stage and stage.when else None
