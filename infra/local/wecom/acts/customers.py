"""What customers do, and what staff do with them by hand in the client: each makes an event."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from infra.local.wecom.acts.events import Event, Part, corp_event
from infra.local.wecom.errors import SimulatorError
from infra.local.wecom.state.corp import Corp, WelcomeCode
from infra.local.wecom.state.people import Customer, Relation, Staff, Standing
from infra.local.wecom.state.world_state import WorldState

CONTACT = "change_external_contact"


@dataclass(frozen=True)
class Arrival:
    """Who comes, and by which way."""

    userid: str
    customer: Customer
    state: str = ""
    add_way: int = 1


def come(world: WorldState, corp: Corp, arrival: Arrival, standing: Standing, now: datetime) -> tuple[str, Event]:
    """Make a relation; return its welcome code (may be empty) and the event. A half relation is no friend yet."""
    member, external_userid = staff_of(corp, arrival.userid), arrival.customer.external_userid
    old = corp.known(member.userid, external_userid)
    if old is not None and old.standing in (Standing.FRIEND, Standing.HALF):
        raise SimulatorError(f"{external_userid} already follows {member.userid}")
    corp.customers.setdefault(external_userid, arrival.customer)
    relation = Relation(member.userid, external_userid, now, standing, arrival.state, arrival.add_way)
    relation.has_chatted = old.has_chatted if old else False
    corp.keep(relation)
    code = _welcome_code(world, corp, member, relation, now)
    change = "add_half_external_contact" if standing is Standing.HALF else "add_external_contact"
    return code, _contact_event(corp, change, relation, now, arrival.state, code)


def complete(corp: Corp, userid: str, external_userid: str, now: datetime) -> Event:
    """Turn a half relation into a whole one. The code came with the half one."""
    relation = _related(corp, userid, external_userid)
    if relation.standing is not Standing.HALF:
        raise SimulatorError(f"{external_userid} is not half-added to {userid}")
    relation.standing = Standing.FRIEND
    return _contact_event(corp, "add_external_contact", relation, now, relation.state)


def leave(corp: Corp, userid: str, external_userid: str, now: datetime) -> Event:
    """The customer deletes or blocks the staff member."""
    relation = _related(corp, userid, external_userid)
    relation.standing = Standing.LEFT
    return _contact_event(corp, "del_follow_user", relation, now)


def delete(corp: Corp, userid: str, external_userid: str, source: str, now: datetime) -> Event:
    """The staff member deletes the customer; `source` says if a transfer did."""
    relation = _related(corp, userid, external_userid)
    relation.standing = Standing.DELETED
    extra: list[Part] = [("Source", source)] if source else []
    return corp_event(corp.corp_id, CONTACT, now, [*_who("del_external_contact", relation), *extra])


def edit(
    corp: Corp,
    userid: str,
    external_userid: str,
    now: datetime,
    remark: str | None = None,
    add_tags: Sequence[str] = (),
    remove_tags: Sequence[str] = (),
) -> Event:
    """The staff member changes remark or tags in the client."""
    relation = _related(corp, userid, external_userid)
    corp.require_tags([*add_tags, *remove_tags])
    relation.remark = relation.remark if remark is None else remark
    kept = [tag_id for tag_id in relation.tag_ids if tag_id not in remove_tags]
    relation.tag_ids = list(dict.fromkeys([*kept, *add_tags]))
    return _contact_event(corp, "edit_external_contact", relation, now, relation.state)


def chat(corp: Corp, userid: str, external_userid: str, now: datetime) -> None:
    """They talk. The platform tells nobody, but welcome codes stop working and broadcasts choose this member."""
    relation = _related(corp, userid, external_userid)
    relation.has_chatted = True
    relation.last_contact_at = now


def welcome_elsewhere(corp: Corp, code: str, now: datetime, busy: timedelta, succeeds: bool) -> None:
    """Another app of the corp takes the code: 41096 while it is busy, then 41051 if it succeeds."""
    if code not in corp.welcome_codes:
        raise SimulatorError(f"no such welcome code: {code}")
    corp.welcome_codes[code].busy_until = now + busy
    corp.welcome_codes[code].other_succeeds = succeeds


def staff_of(corp: Corp, userid: str) -> Staff:
    """Return a staff member of any standing."""
    if userid not in corp.staff:
        raise SimulatorError(f"no such staff member: {userid}")
    return corp.staff[userid]


def _related(corp: Corp, userid: str, external_userid: str) -> Relation:
    relation = corp.known(staff_of(corp, userid).userid, external_userid)
    if relation is None:
        raise SimulatorError(f"{external_userid} never followed {userid}")
    return relation


def _welcome_code(world: WorldState, corp: Corp, member: Staff, relation: Relation, now: datetime) -> str:
    uses_wechat = corp.customers[relation.external_userid].kind == 1
    if member.has_own_welcome or relation.has_chatted or not uses_wechat:
        return ""
    code = WelcomeCode(world.new_id("CALLBACKCODESIM"), member.userid, relation.external_userid, now)
    corp.welcome_codes[code.code] = code
    return code.code


def _contact_event(
    corp: Corp, change: str, relation: Relation, now: datetime, state: str = "", code: str = ""
) -> Event:
    extra: list[Part] = [(name, value) for name, value in (("State", state), ("WelcomeCode", code)) if value]
    return corp_event(corp.corp_id, CONTACT, now, [*_who(change, relation), *extra])


def _who(change: str, relation: Relation) -> list[Part]:
    return [("ChangeType", change), ("UserID", relation.userid), ("ExternalUserID", relation.external_userid)]
