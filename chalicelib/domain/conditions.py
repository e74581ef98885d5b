"""Whether a condition holds for a customer, and since which version of them."""

from collections.abc import Iterator
from datetime import UTC, datetime

from chalicelib.domain import signals
from chalicelib.domain.customer import Customer, Tag
from chalicelib.domain.playbook.conditions import BehaviourTest, Condition
from chalicelib.domain.playbook.playbook import Playbook
from chalicelib.domain.timing import zone_of
from chalicelib.domain.values import passes

__all__ = ["evidence", "holds", "passes"]

LONG_AGO = datetime.fromtimestamp(0, UTC)


def holds(condition: Condition, customer: Customer, playbook: Playbook, now: datetime) -> bool:
    """Whether a condition is true of a customer at an instant. A segment that the playbook lacks has nobody in it."""
    if condition.all is not None:
        return all(holds(part, customer, playbook, now) for part in condition.all)
    if condition.any is not None:
        return any(holds(part, customer, playbook, now) for part in condition.any)
    if condition.negated is not None:
        return not holds(condition.negated, customer, playbook, now)
    if condition.segment is not None:
        segment = playbook.segments.get(condition.segment)
        return segment is not None and holds(segment, customer, playbook, now)
    return fact_holds(condition, customer, playbook, now)


def fact_holds(condition: Condition, customer: Customer, playbook: Playbook, now: datetime) -> bool:
    """Whether a condition that is made of no others is true of a customer."""
    if condition.tag is not None:
        return any(tag.until is None or tag.until > now for tag in tags_called(condition.tag, customer))
    if condition.attribute is not None:
        return passes(condition.attribute, customer.profile.get(condition.attribute.name))
    if condition.behaviour is not None:
        return has_behaved(condition.behaviour, customer, playbook, now)
    return bool(customer.friends) == condition.friend


def tags_called(name: str, customer: Customer) -> Iterator[Tag]:
    """Yield a customer's tags of a name, keyed ones (`ordered#A17` is `ordered`) and lapsed ones included."""
    return (tag for full_name, tag in customer.tags.items() if full_name.partition("#")[0] == name)


def has_behaved(test: BehaviourTest, customer: Customer, playbook: Playbook, now: datetime) -> bool:
    """Whether a customer did something as often, and as long ago, as a test says; at least once when that is unsaid."""
    signal = customer.signals.get(test.name)
    number = signals.count(signal, test.within, now, zone_of(customer.zone, playbook.zone))
    lower, upper = bounds(test)
    return all((
        lower <= number,
        upper is None or number <= upper,
        test.first_before is None or (signal is not None and signal.first_at <= now - test.first_before),
        test.last_before is None or (signal is not None and signal.last_at <= now - test.last_before),
    ))


def bounds(test: BehaviourTest) -> tuple[int, int | None]:
    """Return the smallest and the greatest number that a test accepts."""
    if test.exactly is not None:
        return test.exactly, test.exactly
    if test.at_most is not None:
        return test.at_least or 0, test.at_most
    return test.at_least or 1, None


def evidence(condition: Condition, customer: Customer, playbook: Playbook) -> int:
    """Return the version of the customer since which a condition is as it is: the greatest revision behind it.

    Asked of a condition that holds, it tells news from what was true before. Of `any` only the parts that hold
    count, of `not` what makes the inner condition fail. What nothing is known of is as old as the customer: 0.
    """
    if condition.all is not None or condition.any is not None:
        return of_parts(condition, customer, playbook)
    if condition.negated is not None:
        return evidence(condition.negated, customer, playbook)
    if condition.segment is not None:
        segment = playbook.segments.get(condition.segment)
        return evidence(segment, customer, playbook) if segment else 0
    return of_fact(condition, customer)


def of_parts(condition: Condition, customer: Customer, playbook: Playbook) -> int:
    """Return the greatest revision among the parts that make `all` or `any` what it is."""
    now = last_heard(customer)
    whole = holds(condition, customer, playbook, now)
    parts = condition.all or condition.any or ()
    decisive = (part for part in parts if holds(part, customer, playbook, now) == whole)
    return max((evidence(part, customer, playbook) for part in decisive), default=0)


def last_heard(customer: Customer) -> datetime:
    """Return the newest instant that a customer's row knows of, at which its windows are judged."""
    tags = (tag.at for tag in customer.tags.values())
    behaviours = (signal.last_at for signal in customer.signals.values())
    return max((*tags, *behaviours), default=LONG_AGO)


def of_fact(condition: Condition, customer: Customer) -> int:
    """Return the greatest revision behind a condition that is made of no others."""
    if condition.attribute is not None:
        return customer.profile_revision
    if condition.behaviour is not None:
        signal = customer.signals.get(condition.behaviour.name)
        return signal.revision if signal else 0
    if condition.tag is not None:
        earned = (tag.revision for tag in tags_called(condition.tag, customer))
        return max(earned, default=customer.lost.get(condition.tag, 0))
    return max((tie.revision for tie in customer.relations.values()), default=0)
