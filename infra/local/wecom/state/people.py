"""Who lives in the world: accounts, staff, customers, their relations, groups and fans."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


@dataclass(frozen=True)
class Account:
    """One app of a corp, or one Official Account: a set of credentials and where its callbacks go."""

    name: str
    corp_id: str
    """The corp's id, or the appid of an Official Account."""
    secret: str
    kind: str = "wecom"
    """`wecom`, `official_account` or `mini_program`."""
    agent_id: str = "1000002"
    token: str = ""
    aes_key: str = ""
    callback_url: str = ""
    """Empty: events are kept in the world's log and go nowhere."""


@dataclass
class Staff:
    """A member of the corp who may serve customers."""

    userid: str
    name: str
    has_customer_contact: bool = True
    has_own_welcome: bool = False
    """The admin console greets for this member, so that events carry no welcome code."""
    is_active: bool = True
    """An inactive member has left or is out of the app's range: their id is unknown to every call."""


@dataclass
class Customer:
    """A person outside the corp."""

    external_userid: str
    name: str
    unionid: str = ""
    kind: int = 1
    """1 uses WeChat, 2 uses WeCom."""
    gender: int = 0
    avatar: str = ""
    corp_name: str = ""


class Standing(StrEnum):
    """How a staff member and a customer stand to each other."""

    HALF = "half"
    FRIEND = "friend"
    LEFT = "left"
    """The customer deleted the staff member: calls still work, messages do not arrive."""
    DELETED = "deleted"
    """The staff member deleted the customer: every call answers 84061."""


@dataclass
class Relation:
    """One staff member's side of knowing one customer."""

    userid: str
    external_userid: str
    since: datetime
    standing: Standing = Standing.FRIEND
    state: str = ""
    add_way: int = 1
    remark: str = ""
    description: str = ""
    remark_company: str = ""
    remark_mobiles: list[str] = field(default_factory=list)
    tag_ids: list[str] = field(default_factory=list)
    has_chatted: bool = False
    last_contact_at: datetime | None = None

    @property
    def is_visible(self) -> bool:
        """Whether the platform's calls find it."""
        return self.standing in (Standing.FRIEND, Standing.LEFT)


@dataclass
class Chat:
    """A customer group."""

    chat_id: str
    owner: str
    name: str = ""
    members: list[str] = field(default_factory=list)
    version: int = 0


@dataclass
class Fan:
    """One person's relation with an Official Account; `grants` are what they may still be sent, and until when."""

    openid: str
    unionid: str = ""
    is_following: bool = True
    grants: list["Grant"] = field(default_factory=list)


@dataclass
class Grant:
    """So many customer-service messages until then, earned by one act of the fan."""

    left: int
    until: datetime


@dataclass
class OfficialAccount:
    """The fans of one appid, and what they were sent."""

    appid: str
    fans: dict[str, Fan] = field(default_factory=dict)
