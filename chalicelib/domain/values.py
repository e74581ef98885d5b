"""Testing one value: an attribute of a customer, or a property of a behaviour."""

import re
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from chalicelib.domain.playbook.conditions import ValueTest

ISO_DAY = re.compile(r"(\d{4}-\d\d-\d\d)(?:[T ].*)?")


def passes(test: ValueTest, value: object) -> bool:
    """Whether a value passes all that a test says.

    Numbers compare as numbers, texts as texts, true and false only with themselves. A value that is missing, or that
    a test cannot read, passes nothing but `exists: false`.
    """
    said = {name: wanted for name in TESTS if (wanted := getattr(test, name)) is not None}
    return all(TESTS[name](value, wanted) for name, wanted in said.items())


def is_number(value: object) -> bool:
    """Whether a value is a number; true and false are not."""
    return isinstance(value, int | float | Decimal) and not isinstance(value, bool)


def is_same(value: object, wanted: object) -> bool:
    """Whether two values are of one kind and equal."""
    alike = (is_number(value) and is_number(wanted)) or (type(value) is type(wanted))
    return alike and value == wanted


def day_of(value: object) -> date | None:
    """Return the day that an ISO date, or a date and time, is written with; None when it cannot be read."""
    found = ISO_DAY.fullmatch(value) if isinstance(value, str) else None
    try:
        return date.fromisoformat(found[1]) if found else None
    except ValueError:
        return None


def contains(value: object, wanted: str) -> bool:
    """Whether a text contains a text, or a list has it as an entry."""
    return isinstance(value, str | list | tuple) and wanted in value


def is_before(value: object, wanted: date) -> bool:
    """Whether a date is earlier than another."""
    day = day_of(value)
    return day is not None and day < wanted


def is_after(value: object, wanted: date) -> bool:
    """Whether a date is later than another."""
    day = day_of(value)
    return day is not None and day > wanted


TESTS: Mapping[str, Callable[[Any, Any], bool]] = {
    "equals": is_same,
    "not_equals": lambda value, wanted: isinstance(value, str | int | float | Decimal) and not is_same(value, wanted),
    "contains": contains,
    "one_of": lambda value, wanted: any(is_same(value, one) for one in wanted),
    "exists": lambda value, wanted: (value is not None) == wanted,
    "at_least": lambda value, wanted: is_number(value) and value >= wanted,
    "at_most": lambda value, wanted: is_number(value) and value <= wanted,
    "before": is_before,
    "after": is_after,
}
