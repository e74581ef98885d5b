"""What a playbook looks at: only these behaviours are counted, so a customer's row stays small."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from chalicelib.domain.playbook.conditions import Condition
from chalicelib.domain.playbook.rules import Absence, Happening, Rule

if TYPE_CHECKING:
    from chalicelib.domain.playbook.playbook import Playbook


def watched_names(playbook: "Playbook") -> frozenset[str]:
    """Return the names of the behaviours whose counters rules and conditions read."""
    by_rules = (name for rule in playbook.rules for name in names_in_rule(rule))
    by_conditions = (name for condition in conditions_of(playbook) for name in names_in(condition))
    return frozenset((*by_rules, *by_conditions))


def names_in_rule(rule: Rule) -> Iterator[str]:
    """Yield the behaviours whose plain counters a rule reads."""
    if isinstance(rule.when, Absence):
        yield rule.when.absent
    elif rule.when.counts and not rule.when.where:
        yield rule.when.behaviour


def own_signal(playbook: "Playbook", rule: Rule) -> str:
    """Return the counter that a rule keeps for itself because it counts only some behaviours of a name, else ''."""
    own = isinstance(rule.when, Happening) and rule.when.counts and bool(rule.when.where)
    return f"rule:{playbook.id}/{rule.id}" if own else ""


def conditions_of(playbook: "Playbook") -> Iterator[Condition]:
    """Yield every condition of a playbook, outermost ones only."""
    yield from playbook.segments.values()
    for journey in playbook.journeys:
        yield journey.enter.when
        yield from (way.when for way in journey.exit)
        yield from (stage.when for stage in journey.stages if stage.when)
    for step in playbook.steps:
        yield from (condition for condition in (step.only_if, step.unless) if condition)


def names_in(condition: Condition) -> Iterator[str]:
    """Yield the behaviours that a condition reads, at any depth."""
    if condition.behaviour:
        yield condition.behaviour.name
    inner = (*(condition.all or ()), *(condition.any or ()), *((condition.negated,) if condition.negated else ()))
    for part in inner:
        yield from names_in(part)
