"""Taking behaviours into a customer: ties, profile, consent, counters, and the tags that rules give and take."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import NamedTuple

from chalicelib.domain import signals
from chalicelib.domain.behaviour import Behaviour
from chalicelib.domain.conditions import passes
from chalicelib.domain.customer import Customer, Tag
from chalicelib.domain.effects import takes_effect
from chalicelib.domain.playbook.playbook import Playbook
from chalicelib.domain.playbook.rules import Absence, Grant, Happening, Rule
from chalicelib.domain.push import digest
from chalicelib.domain.timing import zone_of
from chalicelib.domain.watching import own_signal

TIME_PASSED = "chaoxi.time_passed"


class Timer(NamedTuple):
    """A span of time after which a rule looks again: `rule` is `{playbook id}/{rule id}`, or `lapse/{tag}`."""

    rule: str
    because: str
    since: datetime
    due_at: datetime

    def name_for(self, subject: str) -> str:
        """Return the name of the wake-up that the timer of one subject is.

        Its end is part of it: two rules may give one tag for one behaviour, each for a time of its own.
        """
        return f"t-{digest(subject, self.rule, self.because, self.due_at.isoformat())}"


class Folded(NamedTuple):
    """A customer after a behaviour, and the timers that it started."""

    customer: Customer
    timers: tuple[Timer, ...] = ()


def fold(customer: Customer, behaviour: Behaviour, playbooks: Sequence[Playbook], now: datetime) -> Folded:
    """Return the customer after one behaviour. What no playbook watches changes nothing.

    All that changes in one write bears the version of that write as its revision.
    """
    after = without_lapsed(takes_effect(customer, behaviour), now)
    after = counted(after, behaviour, playbooks)
    timers: list[Timer] = []
    for playbook in playbooks:
        for rule in playbook.rules:
            if applies(rule, playbook, after, behaviour, now):
                after, started = granted(after, rule, playbook, behaviour)
                timers += started
            timers += awaited(rule, playbook, behaviour)
    return Folded(after, tuple(timers))


def counted(customer: Customer, behaviour: Behaviour, playbooks: Iterable[Playbook]) -> Customer:
    """Return the customer with every counter moved on that a playbook looks at."""
    after = dict(customer.signals)
    for playbook in playbooks:
        zone = zone_of(customer.zone, playbook.zone)
        for name in names_to_count(playbook, behaviour):
            if name in after and after[name] is not customer.signals.get(name):
                continue  # two playbooks watch it: once is enough
            signal = signals.record(after.get(name), behaviour.occurred_at, zone)
            after[name] = signal.model_copy(update={"revision": customer.version + 1})
    return customer if after == customer.signals else customer.model_copy(update={"signals": after})


def names_to_count(playbook: Playbook, behaviour: Behaviour) -> Iterable[str]:
    """Yield the counters that a behaviour moves: its name's, and those of rules that count only some of its kind."""
    if behaviour.name in playbook.watched:
        yield behaviour.name
    for rule in playbook.rules:
        if own_signal(playbook.id, rule) and concerns(rule.when, behaviour):
            yield own_signal(playbook.id, rule)


def applies(rule: Rule, playbook: Playbook, customer: Customer, behaviour: Behaviour, now: datetime) -> bool:
    """Whether a behaviour makes a rule act. The customer's counters include the behaviour already."""
    if isinstance(rule.when, Absence):
        return is_over(rule.when, f"{playbook.id}/{rule.id}", customer, behaviour)
    if not concerns(rule.when, behaviour):
        return False
    return often_enough(rule.when, own_signal(playbook.id, rule) or rule.when.behaviour, customer, behaviour, playbook)


def concerns(when: Happening | Absence, behaviour: Behaviour) -> bool:
    """Whether a behaviour is of the kind that a rule waits for."""
    if isinstance(when, Absence) or when.behaviour != behaviour.name:
        return False
    return all(passes(test, behaviour.properties.get(name)) for name, test in when.where.items())


def often_enough(
    when: Happening, signal: str, customer: Customer, behaviour: Behaviour, playbook: Playbook
) -> bool:
    """Whether a behaviour, this one included, has happened as often as the rule says."""
    if not when.counts:
        return True
    zone = zone_of(customer.zone, playbook.zone)
    number = signals.count(customer.signals.get(signal), when.within, behaviour.occurred_at, zone)
    return all((
        when.at_least is None or number >= when.at_least,
        when.at_most is None or number <= when.at_most,
        when.exactly is None or number == when.exactly,
        not when.first or customer.signals[signal].first_at == behaviour.occurred_at,
    ))


def is_over(when: Absence, rule: str, customer: Customer, behaviour: Behaviour) -> bool:
    """Whether the time that a rule waited for is over, and what it waited for never came."""
    if behaviour.name != TIME_PASSED or behaviour.properties.get("rule") != rule:
        return False
    awaited_signal = customer.signals.get(when.absent)
    return awaited_signal is None or awaited_signal.last_at <= behaviour.occurred_at - when.lasting


def awaited(rule: Rule, playbook: Playbook, behaviour: Behaviour) -> Iterable[Timer]:
    """Yield the timer that a behaviour starts for a rule about an absence."""
    if isinstance(rule.when, Absence) and rule.when.after == behaviour.name:
        since = behaviour.occurred_at
        yield Timer(f"{playbook.id}/{rule.id}", behaviour.key, since, since + rule.when.lasting)


def granted(customer: Customer, rule: Rule, playbook: Playbook, behaviour: Behaviour) -> Folded:
    """Return the customer with a rule's tags given and taken, and a timer for each tag that will lapse."""
    customer = without(customer, [name for name in customer.tags if name.partition("#")[0] in rule.remove])
    tags = dict(customer.tags)
    timers = []
    for grant in rule.add:
        name, tag = name_of(grant, behaviour), tag_from(grant, rule, playbook, behaviour, customer)
        earlier = tags.get(name)
        tags[name] = tag if earlier is None else later_of(earlier, tag)
        if tag.until is not None:
            timers.append(Timer(f"lapse/{name}", behaviour.key, behaviour.occurred_at, tag.until))
    return Folded(customer.model_copy(update={"tags": tags}), tuple(timers))


def name_of(grant: Grant, behaviour: Behaviour) -> str:
    """Return the tag's name; a keyed one carries the property that keys it, cut to 64 characters."""
    if grant.key is None:
        return grant.tag
    return f"{grant.tag}#{str(behaviour.properties.get(grant.key, ''))[:64]}"


def tag_from(grant: Grant, rule: Rule, playbook: Playbook, behaviour: Behaviour, customer: Customer) -> Tag:
    """Return the tag that a behaviour earns."""
    at = behaviour.occurred_at
    return Tag(
        since=at,
        at=at,
        until=at + grant.lasting if grant.lasting else None,
        because=behaviour.key,
        rule=f"{playbook.reference}/{rule.id}",
        revision=customer.version + 1,
    )


def later_of(earlier: Tag, again: Tag) -> Tag:
    """Return a tag that was earned again: it keeps when it began, and lasts as long as the longer of the two."""
    until = None if None in (earlier.until, again.until) else max(earlier.until or again.at, again.until or again.at)
    newest = again if again.at >= earlier.at else earlier.model_copy(update={"revision": again.revision})
    return newest.model_copy(update={"since": min(earlier.since, again.since), "until": until})


def without_lapsed(customer: Customer, now: datetime) -> Customer:
    """Return the customer without the tags whose time is over."""
    lapsed = [name for name, tag in customer.tags.items() if tag.until is not None and tag.until <= now]
    return without(customer, lapsed)


def without(customer: Customer, names: Sequence[str]) -> Customer:
    """Return the customer without some tags, remembering at which version each was lost."""
    if not names:
        return customer
    lost = {name.partition("#")[0]: customer.version + 1 for name in names}
    kept = {name: tag for name, tag in customer.tags.items() if name not in names}
    return customer.model_copy(update={"tags": kept, "lost": {**customer.lost, **lost}})
