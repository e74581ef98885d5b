"""A customer: what is known of one person, and why it is believed."""

from datetime import datetime
from typing import Literal

from pydantic import Field

from chalicelib.domain.value import Value

Scalar = str | int | float | bool


class Tag(Value):
    """A tag that the customer has.

    `since` is when it was first given, `at` when it was last earned, `until` when it lapses (None: never),
    `because` the key of the behaviour that earned it last, `rule` the rule and its playbook's version.
    `revision` is the customer's version at that moment: what came after a stage began is told by it, not by a clock.
    """

    since: datetime
    at: datetime
    until: datetime | None = None
    because: str
    rule: str
    revision: int


class Signal(Value):
    """How often a customer did one thing: exact recent moments, and counts by local calendar day.

    `recent` keeps the newest moments for windows of minutes and hours, `days` counts by ISO date for
    windows of days. Both are pruned, so that a customer's row stays small whatever they do; `total` is exact.
    `revision` is the customer's version at the last one, as in Tag.
    """

    first_at: datetime
    last_at: datetime
    recent: tuple[datetime, ...] = ()
    days: dict[str, int] = Field(default_factory=dict)
    total: int = 0
    revision: int = 0


RelationState = Literal["friend", "half", "removed_by_customer", "removed_by_staff"]


class Relation(Value):
    """The tie between a customer and one staff member on one account. `revision` is as in Tag."""

    account: str
    staff: str
    external_userid: str
    state: RelationState
    since: datetime
    because: str
    revision: int = 0


class Consent(Value):
    """Whether the customer accepts marketing messages, and what said so last."""

    granted: bool
    at: datetime
    because: str


class Customer(Value):
    """One person. `version` grows by one with every write, and is what conditions compare.

    `tags` are keyed by name (`ordered`, or `ordered#A17` for one that names its order), `lost` tells at which version
    a tag was last taken or lapsed, `signals` are keyed by behaviour name, `relations` by `{account}/{staff}`.
    `folded` holds the last stream sequence number taken in per subject, `redriven` the keys of behaviours taken in
    out of order after a repair, whether before or after that number.
    """

    customer_id: str
    version: int = 0
    profile: dict[str, Scalar] = Field(default_factory=dict)
    profile_revision: int = 0
    tags: dict[str, Tag] = Field(default_factory=dict)
    lost: dict[str, int] = Field(default_factory=dict)
    signals: dict[str, Signal] = Field(default_factory=dict)
    relations: dict[str, Relation] = Field(default_factory=dict)
    consent: Consent | None = None
    zone: str | None = None
    paused: bool = False
    merged_into: str | None = None
    folded: dict[str, str] = Field(default_factory=dict)
    redriven: tuple[str, ...] = ()

    @property
    def friends(self) -> tuple[Relation, ...]:
        """Who may write to the customer, the longest tie first."""
        ties = (relation for relation in self.relations.values() if relation.state == "friend")
        return tuple(sorted(ties, key=lambda relation: (relation.since, relation.account, relation.staff)))

    @property
    def owner(self) -> Relation | None:
        """Who writes to the customer: the staff member of the longest tie that still holds."""
        return next(iter(self.friends), None)
