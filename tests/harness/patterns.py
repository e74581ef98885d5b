"""The event-filter pattern language, as far as a stream's filters use it."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

MISSING = object()
TESTS: dict[str, Callable[[Any, Any], bool]] = {
    "exists": lambda wanted, value: (value is not MISSING) == wanted,
    "prefix": lambda wanted, value: isinstance(value, str) and value.startswith(wanted),
    "suffix": lambda wanted, value: isinstance(value, str) and value.endswith(wanted),
    "anything-but": lambda unwanted, value: value is not MISSING and value not in listed(unwanted),
}


def passes(patterns: Sequence[Mapping[str, Any]], event: Mapping[str, Any]) -> bool:
    """Whether an event is handed to the function: when there is no pattern, or any one matches."""
    return not patterns or any(matches(pattern, event) for pattern in patterns)


def matches(pattern: Mapping[str, Any], event: Any) -> bool:
    """Whether every field of the pattern matches. Raises NotImplementedError for a test that is not imitated."""
    return all(field_matches(wanted, child(event, name)) for name, wanted in pattern.items())


def child(event: Any, name: str) -> Any:
    """Return a field of an event."""
    return event.get(name, MISSING) if isinstance(event, Mapping) else MISSING


def field_matches(wanted: Any, value: Any) -> bool:
    """Whether one field matches: a mapping is looked into, a list holds alternatives."""
    if isinstance(wanted, Mapping):
        return matches(wanted, value)
    return any(alternative_matches(each, value) for each in wanted)


def alternative_matches(wanted: Any, value: Any) -> bool:
    """Whether a value equals a literal or passes a test such as `{"exists": true}`."""
    if not isinstance(wanted, Mapping):
        return bool(value == wanted)
    name, argument = next(iter(wanted.items()))
    if name not in TESTS:
        raise NotImplementedError(f"the pattern test {name!r} is not imitated")
    return TESTS[name](argument, value)


def listed(value: Any) -> list[Any]:
    """Return a value as a list of itself, and a list as it is."""
    return value if isinstance(value, list) else [value]
