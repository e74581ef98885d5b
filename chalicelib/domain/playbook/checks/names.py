"""Names that are given twice, and tags that no rule keys."""

from collections.abc import Iterator

from chalicelib.domain.playbook.checks.problem import Problem, hint
from chalicelib.domain.playbook.playbook import Playbook


def doubles(playbook: Playbook) -> Iterator[Problem]:
    """Yield every name that two of a kind bear."""
    yield from repeated("journeys", "id", [journey.id for journey in playbook.journeys])
    yield from repeated("rules", "id", [rule.id for rule in playbook.rules])
    yield from repeated("welcome", "channel", [entry.channel or "" for entry in playbook.welcome])


def repeated(field: str, what: str, names: list[str]) -> Iterator[Problem]:
    """Yield each name that has been used before."""
    for number, name in enumerate(names):
        if name in names[:number]:
            first = names.index(name)
            yield Problem((field, number, what), f"'{name}' is already {field}[{first}]: give it another {what}")


def keys_never_given(playbook: Playbook) -> Iterator[Problem]:
    """Yield every journey that waits for keys which no rule gives."""
    keyed = {grant.tag for rule in playbook.rules for grant in rule.add if grant.key}
    for number, journey in enumerate(playbook.journeys):
        tag = journey.enter.keyed_by
        if tag is not None and tag not in keyed:
            yield Problem(
                ("journeys", number, "enter", "keyed_by"),
                f"no rule gives the tag '{tag}' with a key: add {{tag: {tag}, key: <a property>, for: 90d}} to a rule"
                f"{hint(tag, keyed)}",
            )
