"""`story`: what happened to a customer, and why."""

from argparse import Namespace
from collections.abc import Iterator
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from chalicelib.domain.customer import Customer
from chalicelib.domain.story import Line
from chalicelib.services.find_person import Person, person_of
from chalicelib.services.tell_story import Story, tell_story
from chalicelib.services.walk_back import Link, walk_back
from infra.cli.connect import Connection
from infra.cli.people import customer_called
from infra.cli.screen import say, say_json
from infra.failure import Failure

SORTS = {"group_send": "group-send"}


def run(chosen: Namespace, connection: Connection) -> int:
    """Tell the story, or one chain of causes."""
    person = person_of(customer_called(chosen.person, connection))
    if chosen.because:
        explain(chosen, person)
        return 0
    story = tell_story(person, datetime.now(UTC), chosen.since, chosen.limit)
    if chosen.json:
        say_json(story.model_dump(mode="json"))
    else:
        for line in (*portrait(story), "", *timeline(story)):
            say(line)
    return 0


def portrait(story: Story) -> Iterator[str]:
    """Yield what the customer is."""
    customer, zone = story.customer, ZoneInfo(story.zone)
    yield f"customer   {customer.customer_id}, version {customer.version}{', PAUSED' if customer.paused else ''}"
    yield f"identities {', '.join(story.identities) or 'none'}"
    for merged in story.customer_ids[1:]:
        yield f"was also   {merged}, merged"
    yield f"clock      {story.zone}{'' if customer.zone else ' (the playbook’s)'}"
    yield f"profile    {', '.join(f'{name}={value}' for name, value in customer.profile.items()) or 'nothing known'}"
    for tie in customer.relations.values():
        yield f"tie        {tie.staff}@{tie.account} {tie.state} since {local(tie.since, zone)}, because {tie.because}"
    yield f"consent    {consent_of(customer, zone)}"
    for name, tag in customer.tags.items():
        until = f" until {local(tag.until, zone)}" if tag.until else ""
        yield f"tag        {name} since {local(tag.since, zone)}{until}, because {tag.because}, rule {tag.rule}"
    for one in story.enrolments:
        due = f", next {one.step} at {local(one.due_at, zone)}" if one.due_at else ""
        why = f" ({one.reason})" if one.reason else ""
        book = f"{one.playbook}@{one.playbook_version}"
        yield f"run        {one.run} {one.state}{why} in {one.stage}{due}, because {one.because}, {book}"


def consent_of(customer: Customer, zone: ZoneInfo) -> str:
    """Return what the customer said about messages."""
    said = customer.consent
    if said is None:
        return "nothing said: the playbook decides"
    return f"{'granted' if said.granted else 'withdrawn'} at {local(said.at, zone)}, because {said.because}"


def timeline(story: Story) -> Iterator[str]:
    """Yield what happened, two lines each: what it was, and what caused it."""
    zone = ZoneInfo(story.zone)
    for line in story.lines:
        yield headline(line, zone)
        yield f"{'':22}{line.key}"
        if line.because or line.rule:
            yield f"{'':22}because {line.because or '-'}{f', rule {line.rule}' if line.rule else ''}"
    if story.next:
        yield f"… more: --since {story.next.isoformat()}"


def headline(line: Line, zone: ZoneInfo) -> str:
    """Return what happened, and when by the customer's clock and by UTC."""
    return f"{local(line.at, zone)}  {line.at:%d %H:%M:%S}Z  {SORTS.get(line.sort, line.sort):<10} {line.what}"


def local(moment: datetime, zone: ZoneInfo) -> str:
    """Return an instant by the customer's clock."""
    return f"{moment.astimezone(zone):%Y-%m-%d %H:%M:%S}"


def explain(chosen: Namespace, person: Person) -> None:
    """Print a chain of causes. Raises Failure when its beginning names nothing."""
    links = walk_back(chosen.because, person)
    if len(links) == 1 and links[0].line is None:
        raise Failure(f"{chosen.because} names no push, tag, enrolment or behaviour of {person.customer.customer_id}")
    if chosen.json:
        say_json([link.model_dump(mode="json") for link in links])
        return
    for number, link in enumerate(links, start=1):
        for text in told(number, link):
            say(text)


def told(number: int, link: Link) -> Iterator[str]:
    """Yield one link of a chain."""
    arrow = "   " if number == 1 else "←  "
    if link.line is None:
        yield f"{number}. {arrow}{link.key}: expired or erased"
        return
    sort = SORTS.get(link.line.sort, link.line.sort)
    yield f"{number}. {arrow}{sort} {link.line.what}, at {link.line.at:%Y-%m-%d %H:%M:%S}Z"
    yield f"      {link.key}"
    if link.line.rule:
        yield f"      by {link.line.rule}{f': {link.rule}' if link.rule else ''}"
