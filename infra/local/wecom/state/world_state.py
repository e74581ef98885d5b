"""All that a world holds, without its rules of conduct."""

from dataclasses import dataclass, field
from itertools import count

from infra.local.wecom.errors import SimulatorError
from infra.local.wecom.rules import Rules
from infra.local.wecom.state.calls import Call
from infra.local.wecom.state.corp import Corp
from infra.local.wecom.state.frequency import Limits
from infra.local.wecom.state.messages import Message
from infra.local.wecom.state.people import Account, OfficialAccount
from infra.local.wecom.state.tokens import TokenDesk


@dataclass
class WorldState:
    """Corps by corp_id, Official Accounts by appid, accounts by name."""

    rules: Rules = field(default_factory=Rules)
    accounts: dict[str, Account] = field(default_factory=dict)
    corps: dict[str, Corp] = field(default_factory=dict)
    official_accounts: dict[str, OfficialAccount] = field(default_factory=dict)
    fan_inboxes: dict[str, list[Message]] = field(default_factory=dict)
    tokens: TokenDesk = field(default_factory=TokenDesk)
    limits: Limits = field(default_factory=Limits)
    calls: list[Call] = field(default_factory=list)
    serial: "count[int]" = field(default_factory=lambda: count(1))

    def new_id(self, prefix: str) -> str:
        """Return an id that no other has, the same in every run of the same acts."""
        return f"{prefix}{next(self.serial):010d}"

    def corp(self, corp_id: str) -> Corp:
        """Return a corp that some account brought into the world."""
        if corp_id not in self.corps:
            raise SimulatorError(f"no such corp: {corp_id or '(none)'}")
        return self.corps[corp_id]

    def account(self, name: str) -> Account:
        """Return an account by name."""
        if name not in self.accounts:
            raise SimulatorError(f"no such account: {name or '(none)'}")
        return self.accounts[name]

    def apps_of(self, corp_id: str) -> list[Account]:
        """Return the apps of a corp: each gets every event."""
        return [each for each in self.accounts.values() if each.kind == "wecom" and each.corp_id == corp_id]
