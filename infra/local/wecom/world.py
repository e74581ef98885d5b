"""A world of staff and customers, and the platform between them and the product."""

import json
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from infra.local.wecom.acts.confirmations import Confirmations, Confirmed, ConfirmPolicy, Waiting, send_by_hand
from infra.local.wecom.acts.customer_acts import CustomerActs
from infra.local.wecom.acts.fan_acts import FanActs
from infra.local.wecom.acts.group_acts import GroupActs
from infra.local.wecom.api.gate import Answer, Gate
from infra.local.wecom.api.request import Request
from infra.local.wecom.callbacks import CallbackDriver
from infra.local.wecom.errors import SimulatorError
from infra.local.wecom.rules import Rules
from infra.local.wecom.state.calls import Call
from infra.local.wecom.state.corp import Corp
from infra.local.wecom.state.faults import Faults
from infra.local.wecom.state.messages import Message
from infra.local.wecom.state.people import Account, OfficialAccount, Staff
from infra.local.wecom.state.world_state import WorldState


class WecomWorld(CustomerActs, GroupActs, FanActs):
    """Everything in one object, for one process or behind HTTP. All methods may be called from any thread."""

    def __init__(
        self,
        now: Callable[[], datetime],
        rules: Rules | None = None,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        """`now` gives aware UTC datetimes; `sleep` waits for latency and slow faults."""
        super().__init__(now, rules or Rules())
        self.faults = Faults()
        self._sleep = sleep
        self._first_rules = self.state.rules
        self.reset()

    def reset(self) -> None:
        """Forget everything but the first rules."""
        with self.lock:
            self.state = WorldState(self._first_rules)
            self.emitted.clear()
            self._connections.clear()
            self.faults.clear()
            self._confirmations = Confirmations(self.state)
            self._gate = Gate(self.state, self.faults, self.lock, self.now, self._sleep, self._settle)

    @property
    def rules(self) -> Rules:
        """The limits in force."""
        return self.state.rules

    def change_rules(self, values: Mapping[str, Any]) -> None:
        """Replace some limits; durations are given in seconds."""
        with self.lock:
            self.state.rules = self.state.rules.changed(values)

    def add_account(self, account: Account) -> None:
        """Add an app of a (new) corp, or an Official Account. The same name replaces the old one."""
        if not account.name or not account.corp_id or not account.secret:
            raise SimulatorError("an account needs name, corp_id and secret")
        with self.lock:
            self.state.accounts[account.name] = account
            if account.kind == "wecom":
                self.state.corps.setdefault(account.corp_id, Corp(account.corp_id))
            else:
                self.state.official_accounts.setdefault(account.corp_id, OfficialAccount(account.corp_id))
        if account.callback_url:
            self.connect(account.name, CallbackDriver.of(account, self.now).deliver)

    def add_staff(self, corp_id: str, userid: str, name: str = "", *, has_own_welcome: bool = False) -> Staff:
        """Add a staff member with the customer-contact feature."""
        with self.lock:
            member = Staff(userid, name or userid, has_own_welcome=has_own_welcome)
            self.state.corp(corp_id).staff[userid] = member
            return member

    def revoke_tokens(self, account: str, errcode: int = 40014) -> None:
        """Make the account's tokens answer `errcode` (40014 or 42001) before their time."""
        with self.lock:
            self.state.tokens.revoke(self.state.account(account).name, errcode)

    def call(self, request: Request) -> Answer:
        """Answer one API call; LostConnectionError when its caller gets no answer."""
        return self._gate.call(request)

    def token(self, account: str) -> str:
        """Return the account's access token, without a call."""
        with self.lock:
            lifetime = self.rules.token_lifetime
            return self.state.tokens.issue(self.state.account(account).name, self.now(), lifetime).value

    def post(self, account: str, path: str, body: Mapping[str, Any]) -> dict[str, Any]:
        """Make a POST call with the account's token and return its answer."""
        data = json.dumps(body, ensure_ascii=False).encode()
        return self.call(Request("POST", path, {"access_token": self.token(account)}, data)).json()

    def get(self, account: str, path: str, **query: str) -> dict[str, Any]:
        """Make a GET call with the account's token and return its answer."""
        return self.call(Request("GET", path, {"access_token": self.token(account), **query})).json()

    @property
    def calls(self) -> list[Call]:
        """Every call so far, in the order of their effects."""
        with self.lock:
            return list(self.state.calls)

    def waiting(self) -> list[Waiting]:
        """Return the group-sends that wait for a staff member."""
        with self.lock:
            self._settle()
            return list(self._confirmations.waiting())

    def confirm(self, userid: str, msgid: str) -> Confirmed:
        """A staff member confirms a group-send; SimulatorError when it does not wait for them, or not yet."""
        with self.lock:
            tasks = [task for task in self.waiting() if (task.userid, task.send.msgid) == (userid, msgid)]
            if not tasks:
                raise SimulatorError(f"{msgid} does not wait for {userid}")
            return self._confirmations.confirm(tasks[0], self.now())

    def confirm_all(self, userid: str = "") -> int:
        """Every staff member, or one, confirms all that is dispatched; return how many tasks that were."""
        with self.lock:
            now = self.now()
            ready = [task for task in self.waiting() if userid in ("", task.userid) and task.ready_at <= now]
            for task in ready:
                self._confirmations.confirm(task, now)
            return len(ready)

    def send_by_hand(self, userid: str, customers: Sequence[str], text: str, corp_id: str = "") -> Confirmed:
        """A staff member makes a group-send of their own: it counts towards the cap, and names its creator."""
        with self.lock:
            task = send_by_hand(self.state, self.corp_of(userid, corp_id), userid, customers, text, self.now())
            return self._confirmations.confirm(task, self.now())

    def set_confirm_policy(self, policy: ConfirmPolicy | None) -> None:
        """Let staff confirm by themselves; None leaves it to `confirm`."""
        with self.lock:
            self._confirmations.set_policy(policy)

    def inbox(self, person: str, corp_id: str = "") -> list[Message]:
        """Return what a customer, a group or a fan received, oldest first."""
        with self.lock:
            self._settle()
            found = [message for corp in self._corps(corp_id) for message in corp.inboxes.get(person, ())]
            if not corp_id:
                found += self.state.fan_inboxes.get(person, ())
            return sorted(found, key=lambda message: message.at)

    def staff_inbox(self, userid: str, corp_id: str = "") -> list[Message]:
        """Return what the corp's apps sent to a staff member."""
        with self.lock:
            return [message for corp in self._corps(corp_id) for message in corp.staff_inboxes.get(userid, ())]

    def _corps(self, corp_id: str) -> list[Corp]:
        return [corp for corp in self.state.corps.values() if corp_id in ("", corp.corp_id)]

    def _settle(self) -> None:
        self._confirmations.settle(self.now())
