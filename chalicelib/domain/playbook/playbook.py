"""A playbook: a versioned set of journeys, rules and content."""

from collections.abc import Iterator
from functools import cached_property
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field, model_validator

from chalicelib.domain.playbook.conditions import Condition
from chalicelib.domain.playbook.content import Content
from chalicelib.domain.playbook.journeys import Journey, Step
from chalicelib.domain.playbook.rules import Rule
from chalicelib.domain.playbook.strict import Name, OneOrMore, Strict
from chalicelib.domain.playbook.timing import Window
from chalicelib.domain.watching import watched_names
from chalicelib.domain.zones import zone_named


def known_zone(name: str) -> str:
    """Return the name of an IANA time zone. Raises ValueError when there is none of that name."""
    if zone_named(name) is None:
        raise ValueError(f"'{name}' is no time zone: write an IANA name, e.g. Asia/Shanghai")
    return name


class Caps(Strict):
    """How many pushes one customer may get, over all journeys, by local calendar day, week (from Monday) and month."""

    day: Annotated[int, Field(ge=1)] = 1
    week: Annotated[int, Field(ge=1)] = 7
    month: Annotated[int, Field(ge=1)] = 31


class Welcome(Strict):
    """What a new customer is greeted with; `channel` is a prefix of the QR code's state, none greets everybody."""

    content: Name
    channel: str | None = None

    @model_validator(mode="before")
    @classmethod
    def from_short(cls, written: Any) -> Any:
        """Read a content's id alone."""
        return {"content": written} if isinstance(written, str) else written


class Playbook(Strict):
    """Everything that operations say, as one value. `version` is given when it is published.

    consent: `on_follow`, adding a staff member counts as consent until it is withdrawn; `explicit`, only a recorded
    consent counts. quota: WeCom's own limit on group-sends a customer can receive, as the corp has set it.
    """

    id: Name
    name: str
    version: int = 0
    zone: Annotated[str, AfterValidator(known_zone)]
    consent: Literal["on_follow", "explicit"] = "on_follow"
    quiet: Annotated[tuple[Window, ...], OneOrMore] = ()
    caps: Caps = Caps()
    quota: Literal["month_days", "week_7", "day_1"] = "month_days"
    welcome: Annotated[tuple[Welcome, ...], OneOrMore] = ()
    contents: dict[Name, Content]
    rules: tuple[Rule, ...] = ()
    segments: dict[Name, Condition] = Field(default_factory=dict)
    journeys: Annotated[tuple[Journey, ...], Field(min_length=1)]

    @property
    def reference(self) -> str:
        """The playbook and its version: `consultation@3`."""
        return f"{self.id}@{self.version}"

    @property
    def steps(self) -> Iterator[Step]:
        """Every step of every stage."""
        return (step for journey in self.journeys for stage in journey.stages for step in stage.steps)

    @property
    def conditions(self) -> Iterator[Condition]:
        """Every condition, outermost ones only."""
        yield from self.segments.values()
        for journey in self.journeys:
            yield journey.enter.when
            yield from (way.when for way in journey.exit)
            yield from (stage.when for stage in journey.stages if stage.when)
        for step in self.steps:
            yield from (condition for condition in (step.only_if, step.unless) if condition)

    @cached_property
    def watched(self) -> frozenset[str]:
        """The behaviours whose counters this playbook reads."""
        return watched_names(self.rules, self.conditions)

    def journey(self, name: str) -> Journey | None:
        """Return a journey by id; None when the playbook has none of that name (any more)."""
        return next((journey for journey in self.journeys if journey.id == name), None)

    def welcome_for(self, channel: str | None) -> str | None:
        """Return the id of the content that greets a channel's new customers, the most particular first."""
        fitting = [entry for entry in self.welcome if (channel or "").startswith(entry.channel or "")]
        return max(fitting, key=lambda entry: len(entry.channel or "")).content if fitting else None
