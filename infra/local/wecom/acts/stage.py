"""What every act needs: the state, its lock, the clock, and the way to the product."""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from infra.local.wecom.acts.events import Event
from infra.local.wecom.callbacks import Delivery
from infra.local.wecom.errors import SimulatorError
from infra.local.wecom.rules import Rules
from infra.local.wecom.state.corp import Corp
from infra.local.wecom.state.people import Account
from infra.local.wecom.state.world_state import WorldState

Deliver = Callable[[str], Delivery]
Deliveries = dict[str, Delivery]


@dataclass(frozen=True)
class Emitted:
    """One event on its way to one account; `delivery` is None when nobody was connected."""

    at: datetime
    account: str
    xml: str
    delivery: Delivery | None


class Stage:
    """Acts change the state under the lock, and send their event after they have let go of it."""

    def __init__(self, now: Callable[[], datetime], rules: Rules) -> None:
        self.now = now
        self.lock = threading.RLock()
        self.state = WorldState(rules)
        self.emitted: list[Emitted] = []
        self._connections: dict[str, Deliver] = {}

    def connect(self, account: str, deliver: Deliver) -> None:
        """Send the account's events to `deliver`, which takes the clear XML."""
        self._connections[self.state.account(account).name] = deliver

    def emit(self, event: Event) -> Deliveries:
        """Send an event to every account that gets it; return what they answered."""
        accounts = [event.account] if event.account else [each.name for each in self.state.apps_of(event.corp_id)]
        deliveries = {}
        for account in accounts:
            deliver = self._connections.get(account)
            # Without the lock: the product may call the platform while it takes the event.
            delivery = deliver(event.xml) if deliver else None
            self.emitted.append(Emitted(self.now(), account, event.xml, delivery))
            if delivery is not None:
                deliveries[account] = delivery
        return deliveries

    def corp_of(self, userid: str, corp_id: str) -> Corp:
        """Return the named corp, else the only one that has this staff member."""
        if corp_id:
            return self.state.corp(corp_id)
        corps = [corp for corp in self.state.corps.values() if userid in corp.staff]
        if len(corps) != 1:
            raise SimulatorError(f"{userid} is staff of {len(corps)} corps: give corp_id of one that has them")
        return corps[0]

    def official_account(self, name: str) -> Account:
        """Return an account of the Official Account kind."""
        account = self.state.account(name)
        if account.kind == "wecom":
            raise SimulatorError(f"{name} is not an Official Account")
        return account
