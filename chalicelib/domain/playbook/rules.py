"""Rules: from behaviours to tags."""

from typing import Annotated, Any, Self

from pydantic import Discriminator, Field, Tag, model_validator

from chalicelib.domain.playbook.conditions import ValueTest, refuse_unbounded
from chalicelib.domain.playbook.strict import Duration, Name, OneOrMore, Strict


class Happening(Strict):
    """A behaviour that happens, perhaps for the n-th time.

    `at_least`, `at_most`, `exactly` count the behaviours that pass `where`, this one included, inside `within`
    (for ever, when it is not said). `first: true` is the first one of all.
    """

    behaviour: Annotated[str, Field(min_length=1)]
    where: dict[str, ValueTest] = Field(default_factory=dict)
    at_least: Annotated[int, Field(ge=1, le=50)] | None = None
    at_most: Annotated[int, Field(ge=1, le=49)] | None = None
    exactly: Annotated[int, Field(ge=1, le=49)] | None = None
    within: Duration | None = None
    first: bool = False

    @model_validator(mode="after")
    def is_bounded(self) -> Self:
        """Refuse windows that the customer's row does not keep, or that nothing is counted in."""
        refuse_unbounded(self.within, self.at_least, self.at_most, self.exactly)
        if self.within is not None and (self.at_least, self.at_most, self.exactly) == (None, None, None):
            raise ValueError("within needs a number to count: add at_least, at_most or exactly")
        return self

    @property
    def counts(self) -> bool:
        """Whether the rule needs to know of earlier behaviours."""
        return self.first or any(number is not None for number in (self.at_least, self.at_most, self.exactly))


class Absence(Strict):
    """A behaviour that does not happen for a while after another one did.

    `absent: Message Received, after: wecom.add_external_contact, for: 2h`.
    """

    absent: Annotated[str, Field(min_length=1)]
    after: Annotated[str, Field(min_length=1)]
    lasting: Annotated[Duration, Field(alias="for")]

    @model_validator(mode="after")
    def takes_time(self) -> Self:
        """Refuse an absence of no length."""
        if self.lasting.total_seconds() <= 0:
            raise ValueError("for must be a time span, e.g. for: 2h")
        return self


class Grant(Strict):
    """A tag to give: for ever, or for a time; `key` names the property that makes it one tag an order, say."""

    tag: Name
    lasting: Annotated[Duration | None, Field(alias="for")] = None
    key: str | None = None

    @model_validator(mode="before")
    @classmethod
    def from_short(cls, written: Any) -> Any:
        """Read a tag's name alone."""
        return {"tag": written} if isinstance(written, str) else written

    @model_validator(mode="after")
    def keyed_tags_lapse(self) -> Self:
        """Refuse a keyed tag that never lapses: the customer's row would grow with every order."""
        if self.key and not self.lasting:
            raise ValueError("a tag with a key needs `for`, so that it lapses some day, e.g. for: 90d")
        if self.lasting is not None and self.lasting.total_seconds() <= 0:
            raise ValueError("for must be a time span, e.g. for: 14d")
        return self


def kind_of(when: Any) -> str:
    """Tell an absence from a happening by the field that only it has, so that errors speak of the right one."""
    said = when if isinstance(when, dict) else type(when).model_fields if isinstance(when, Strict) else ()
    return "absence" if "absent" in said else "happening"


When = Annotated[
    Annotated[Happening, Tag("happening")] | Annotated[Absence, Tag("absence")], Discriminator(kind_of)
]


class Rule(Strict):
    """When something happens (or does not), give and take tags."""

    id: Name
    when: When
    add: Annotated[tuple[Grant, ...], OneOrMore] = ()
    remove: Annotated[tuple[Name, ...], OneOrMore] = ()

    @model_validator(mode="after")
    def does_something(self) -> Self:
        """Refuse a rule without effect."""
        if not (self.add or self.remove):
            raise ValueError("a rule needs add or remove")
        return self
