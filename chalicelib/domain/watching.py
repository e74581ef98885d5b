"""What a playbook looks at: only these behaviours are counted, so a customer's row stays small."""

from collections.abc import Iterable, Iterator

from chalicelib.domain.playbook.conditions import Condition
from chalicelib.domain.playbook.rules import Absence, Happening, Rule


def watched_names(rules: Iterable[Rule], conditions: Iterable[Condition]) -> frozenset[str]:
    """Return the names of the behaviours whose counters rules and conditions read."""
    by_rules = (name for rule in rules for name in names_in_rule(rule))
    by_conditions = (name for condition in conditions for name in names_in(condition))
    return frozenset((*by_rules, *by_conditions))


def names_in_rule(rule: Rule) -> Iterator[str]:
    """Yield the behaviours whose plain counters a rule reads."""
    if isinstance(rule.when, Absence):
        yield rule.when.absent
    elif rule.when.counts and not rule.when.where:
        yield rule.when.behaviour


def own_signal(playbook: str, rule: Rule) -> str:
    """Return the counter that a playbook's rule keeps for itself because it counts only some behaviours, else ''."""
    own = isinstance(rule.when, Happening) and rule.when.counts and bool(rule.when.where)
    return f"rule:{playbook}/{rule.id}" if own else ""


def names_in(condition: Condition) -> Iterator[str]:
    """Yield the behaviours that a condition reads, at any depth."""
    if condition.behaviour:
        yield condition.behaviour.name
    inner = (*(condition.all or ()), *(condition.any or ()), *((condition.negated,) if condition.negated else ()))
    for part in inner:
        yield from names_in(part)
