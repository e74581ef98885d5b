"""One corp: its people, relations, tags, media, welcome codes and group-sends."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime

from infra.local.wecom.errors import PlatformError
from infra.local.wecom.state.group_sends import Allowances, GroupSend
from infra.local.wecom.state.messages import Message
from infra.local.wecom.state.people import Chat, Customer, Relation, Staff
from infra.local.wecom.state.tags import TagBook


@dataclass
class WelcomeCode:
    """The right to greet one customer once."""

    code: str
    userid: str
    external_userid: str
    created_at: datetime
    is_used: bool = False
    busy_until: datetime | None = None
    """Until then another app is sending."""
    other_succeeds: bool = False


@dataclass(frozen=True)
class Media:
    """An uploaded file; `expires_at` is None for one that has a permanent URL."""

    media_id: str
    kind: str
    size: int
    sha256: str
    expires_at: datetime | None


@dataclass
class Corp:
    """Everything that the apps of one corp share."""

    corp_id: str
    staff: dict[str, Staff] = field(default_factory=dict)
    customers: dict[str, Customer] = field(default_factory=dict)
    by_staff: dict[str, dict[str, Relation]] = field(default_factory=dict)
    by_customer: dict[str, dict[str, Relation]] = field(default_factory=dict)
    chats: dict[str, Chat] = field(default_factory=dict)
    tags: TagBook = field(default_factory=TagBook)
    media: dict[str, Media] = field(default_factory=dict)
    image_urls: dict[str, datetime] = field(default_factory=dict)
    welcome_codes: dict[str, WelcomeCode] = field(default_factory=dict)
    group_sends: dict[str, GroupSend] = field(default_factory=dict)
    allowances: Allowances = field(default_factory=Allowances)
    inboxes: dict[str, list[Message]] = field(default_factory=dict)
    staff_inboxes: dict[str, list[Message]] = field(default_factory=dict)
    card_task_ids: set[tuple[str, str]] = field(default_factory=set)
    sent_once: dict[str, datetime] = field(default_factory=dict)
    """Digests of messages to staff that asked for a duplicate check, and until when they count."""

    def member(self, userid: str) -> Staff:
        """Return a staff member; 60111 for an id that the app does not know."""
        member = self.staff.get(userid)
        if member is None or not member.is_active:
            raise PlatformError(60111, userid)
        return member

    def relation(self, userid: str, external_userid: str) -> Relation:
        """Return what calls can work with; 60111, 40096 or 84061 otherwise."""
        self.member(userid)
        if external_userid not in self.customers:
            raise PlatformError(40096, external_userid)
        relation = self.known(userid, external_userid)
        if relation is None or not relation.is_visible:
            raise PlatformError(84061, f"{userid} and {external_userid}")
        return relation

    def known(self, userid: str, external_userid: str) -> Relation | None:
        """Return a relation of any standing."""
        return self.by_staff.get(userid, {}).get(external_userid)

    def keep(self, relation: Relation) -> None:
        """Add a relation to both of its indexes."""
        self.by_staff.setdefault(relation.userid, {})[relation.external_userid] = relation
        self.by_customer.setdefault(relation.external_userid, {})[relation.userid] = relation

    def customers_of(self, userid: str) -> list[Relation]:
        """Return a member's visible relations, oldest first."""
        return [relation for relation in self.by_staff.get(userid, {}).values() if relation.is_visible]

    def followers_of(self, external_userid: str) -> list[Relation]:
        """Return a customer's visible relations with active staff."""
        relations = self.by_customer.get(external_userid, {}).values()
        return [each for each in relations if each.is_visible and self.staff[each.userid].is_active]

    def relations(self) -> Iterator[Relation]:
        """Yield every visible relation."""
        for userid in self.by_staff:
            yield from self.customers_of(userid)

    def receive(self, target: str, message: Message) -> None:
        """Put a message into the inbox of a customer or group."""
        self.inboxes.setdefault(target, []).append(message)

    def require_tags(self, tag_ids: Iterable[str]) -> None:
        """Raise 40068 unless every tag exists."""
        for tag_id in tag_ids:
            if self.tags.find(tag_id) is None:
                raise PlatformError(40068, tag_id)
