"""Customers and staff as methods of the world. `corp_id` may be left out where one corp has that staff member."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from infra.local.wecom.acts import customers
from infra.local.wecom.acts.stage import Deliveries, Stage
from infra.local.wecom.state.people import Customer, Standing


@dataclass(frozen=True)
class Followed:
    """What a new relation brought: its welcome code (may be empty) and how its event fared, by account."""

    welcome_code: str
    deliveries: Deliveries = field(default_factory=dict)


class CustomerActs(Stage):
    """Coming, going, and being looked after."""

    def follow(
        self,
        userid: str,
        external_userid: str,
        name: str = "",
        state: str = "",
        *,
        corp_id: str = "",
        unionid: str = "",
        kind: int = 1,
    ) -> Followed:
        """A customer adds a staff member. `kind` 1 uses WeChat, 2 uses WeCom."""
        customer = Customer(external_userid, name or external_userid, unionid, kind)
        return self._come(customers.Arrival(userid, customer, state), Standing.FRIEND, corp_id)

    def half_follow(
        self, userid: str, external_userid: str, name: str = "", state: str = "", *, corp_id: str = ""
    ) -> Followed:
        """A customer adds a staff member, whose side has not accepted yet."""
        customer = Customer(external_userid, name or external_userid)
        return self._come(customers.Arrival(userid, customer, state), Standing.HALF, corp_id)

    def complete(self, userid: str, external_userid: str, *, corp_id: str = "") -> Deliveries:
        """The staff side of a half-added customer accepts."""
        with self.lock:
            event = customers.complete(self.corp_of(userid, corp_id), userid, external_userid, self.now())
        return self.emit(event)

    def unfollow(self, userid: str, external_userid: str, *, corp_id: str = "") -> Deliveries:
        """The customer deletes the staff member."""
        with self.lock:
            event = customers.leave(self.corp_of(userid, corp_id), userid, external_userid, self.now())
        return self.emit(event)

    def delete(self, userid: str, external_userid: str, source: str = "", *, corp_id: str = "") -> Deliveries:
        """The staff member deletes the customer."""
        with self.lock:
            event = customers.delete(self.corp_of(userid, corp_id), userid, external_userid, source, self.now())
        return self.emit(event)

    def edit(
        self,
        userid: str,
        external_userid: str,
        remark: str | None = None,
        add_tags: Sequence[str] = (),
        remove_tags: Sequence[str] = (),
        *,
        corp_id: str = "",
    ) -> Deliveries:
        """The staff member changes remark or tags in the client."""
        with self.lock:
            corp, now = self.corp_of(userid, corp_id), self.now()
            event = customers.edit(corp, userid, external_userid, now, remark, add_tags, remove_tags)
        return self.emit(event)

    def chat(self, userid: str, external_userid: str, *, corp_id: str = "") -> None:
        """Staff member and customer talk; no event tells of it."""
        with self.lock:
            customers.chat(self.corp_of(userid, corp_id), userid, external_userid, self.now())

    def welcome_elsewhere(self, corp_id: str, code: str, busy: timedelta, succeeds: bool = True) -> None:
        """Another app of the corp takes a welcome code: 41096 while it is busy, then 41051 if it succeeds."""
        with self.lock:
            customers.welcome_elsewhere(self.state.corp(corp_id), code, self.now(), busy, succeeds)

    def _come(self, arrival: customers.Arrival, standing: Standing, corp_id: str) -> Followed:
        with self.lock:
            corp = self.corp_of(arrival.userid, corp_id)
            code, event = customers.come(self.state, corp, arrival, standing, self.now())
        return Followed(code, self.emit(event))
