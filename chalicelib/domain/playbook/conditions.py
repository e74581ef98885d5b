"""Conditions: what must be true of a customer. Their evaluation is in domain/conditions.py."""

from datetime import timedelta
from typing import Annotated, Any, Self

from pydantic import BeforeValidator, Field, model_validator

from chalicelib.domain.playbook.strict import Day, Duration, Name, OneOrMore, Strict

KEPT = timedelta(days=92)


def is_scalar(value: Any) -> Any:
    """Refuse what is no single value."""
    if not isinstance(value, bool | int | float | str):
        raise ValueError("write one text, number, true or false")
    return value


Scalar = Annotated[bool | int | float | str, BeforeValidator(is_scalar)]


def said(part: Strict) -> list[str]:
    """Return the names of the fields that the author wrote."""
    return sorted(name for name in part.model_fields_set if getattr(part, name) is not None)


def refuse_unbounded(
    within: timedelta | None, at_least: int | None, at_most: int | None, exactly: int | None
) -> None:
    """Raise ValueError for a window that the customer's row does not keep, or numbers that contradict each other."""
    if within is not None and not timedelta() < within <= KEPT:
        raise ValueError("within is more than nothing and at most 92d")
    if exactly is not None and (at_least, at_most) != (None, None):
        raise ValueError("exactly stands alone: leave out at_least and at_most")
    if at_least is not None and at_most is not None and at_least > at_most:
        raise ValueError(f"at_least {at_least} is more than at_most {at_most}: no number is both")


class ValueTest(Strict):
    """A test of one value: an attribute of the customer, or a property of a behaviour. All that is said must hold.

    `equals` can be written short: the value alone.
    """

    equals: Scalar | None = None
    not_equals: Scalar | None = None
    contains: str | None = None
    one_of: Annotated[tuple[Scalar, ...] | None, Field(alias="in", min_length=1), OneOrMore] = None
    exists: bool | None = None
    at_least: float | None = None
    at_most: float | None = None
    before: Day | None = None
    after: Day | None = None

    @model_validator(mode="before")
    @classmethod
    def from_short(cls, written: Any) -> Any:
        """Read a value alone as what it must equal."""
        return {"equals": written} if isinstance(written, bool | int | float | str) else written

    @model_validator(mode="after")
    def tests_something(self) -> Self:
        """Refuse a test that anything would pass."""
        if not said(self):
            raise ValueError(
                "say what to test: equals, not_equals, contains, in, exists, at_least, at_most, before or after"
            )
        return self


class AttributeTest(ValueTest):
    """A test of an attribute of the customer's profile; its name alone asks whether there is any value."""

    name: Name

    @model_validator(mode="before")
    @classmethod
    def from_short(cls, written: Any) -> Any:
        """Read a name alone as a question whether it has a value."""
        return {"name": written, "exists": True} if isinstance(written, str) else written

    @model_validator(mode="after")
    def tests_a_value(self) -> Self:
        """Refuse a name without a test."""
        if said(self) == ["name"]:
            raise ValueError(f"say what '{self.name}' must be, e.g. equals: Beijing")
        return self


class BehaviourTest(Strict):
    """How often, and how long ago, a customer did something: at least once, when nothing is said. All must hold.

    A window (`within`) of minutes or hours is exact and counts at most 50 moments; one of whole days counts
    calendar days in the customer's zone, today included, at most 92 (24h are one day). `first_before: 30d` holds
    when the first time was at least 30 days ago, `last_before: 7d` when the last was at least 7 days ago (and there
    was one).
    """

    name: Annotated[str, Field(min_length=1)]
    at_least: Annotated[int, Field(ge=1, le=50)] | None = None
    at_most: Annotated[int, Field(ge=0, le=49)] | None = None
    exactly: Annotated[int, Field(ge=0, le=49)] | None = None
    within: Duration | None = None
    first_before: Duration | None = None
    last_before: Duration | None = None

    @model_validator(mode="before")
    @classmethod
    def from_short(cls, written: Any) -> Any:
        """Read a name alone as at least once."""
        return {"name": written} if isinstance(written, str) else written

    @model_validator(mode="after")
    def is_bounded(self) -> Self:
        """Refuse windows that the customer's row does not keep, and numbers that contradict each other."""
        refuse_unbounded(self.within, self.at_least, self.at_most, self.exactly)
        return self


class Condition(Strict):
    """Exactly one kind of condition. An empty `all` or `any` is refused: it would say nothing."""

    all: Annotated[tuple["Condition", ...] | None, Field(min_length=1)] = None
    any: Annotated[tuple["Condition", ...] | None, Field(min_length=1)] = None
    negated: Annotated["Condition | None", Field(alias="not")] = None
    tag: Name | None = None
    attribute: AttributeTest | None = None
    behaviour: BehaviourTest | None = None
    segment: Name | None = None
    friend: bool | None = None

    @model_validator(mode="after")
    def is_one_kind(self) -> Self:
        """Refuse a condition that is none, or two at once."""
        if len(said(self)) != 1:
            raise ValueError(
                f"a condition is exactly one of all, any, not, tag, attribute, behaviour, segment, friend; "
                f"here: {', '.join(said(self)) or 'nothing'}"
            )
        return self
