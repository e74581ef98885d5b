"""One call, before and after the platform knows who makes it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from infra.local.wecom.api.fields import Fields
from infra.local.wecom.errors import PlatformError
from infra.local.wecom.state.corp import Corp
from infra.local.wecom.state.people import Account, OfficialAccount
from infra.local.wecom.state.world_state import WorldState


@dataclass(frozen=True)
class Request:
    """An HTTP call; `path` is without `/cgi-bin/`."""

    method: str
    path: str
    query: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    content_type: str = "application/json"
    address: str = "127.0.0.1"


@dataclass(frozen=True)
class Scene:
    """What an endpoint may look at."""

    state: WorldState
    now: datetime
    request: Request
    fields: Fields
    account: Account | None = None

    @property
    def caller(self) -> Account:
        """The account whose token was given."""
        if self.account is None:
            raise PlatformError(41001)
        return self.account

    @property
    def corp(self) -> Corp:
        """The caller's corp."""
        return self.state.corps[self.caller.corp_id]

    @property
    def official_account(self) -> OfficialAccount:
        """The caller's Official Account."""
        return self.state.official_accounts[self.caller.corp_id]
