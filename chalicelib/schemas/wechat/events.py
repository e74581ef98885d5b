"""From an event's fields to a behaviour.

What is not understood is kept as it came, under a name that no rule acts on: a new kind of event is then not lost
before somebody has typed it, and a broken one can be looked at.
"""

from datetime import UTC, datetime
from typing import Any

from pydantic import ValidationError

from chalicelib.domain.behaviour import Behaviour
from chalicelib.schemas.wechat.contact import AcquisitionPayload, ContactPayload, customer_of
from chalicelib.schemas.wechat.event import EventPayload, Facts, Origin, moment
from chalicelib.schemas.wechat.identification import id_of, id_of_unknown
from chalicelib.schemas.wechat.official import (
    FanMessagePayload,
    MenuPayload,
    ScanPayload,
    SubscriptionPayload,
    TemplateSentPayload,
)
from chalicelib.schemas.wechat.shared import ChatPayload, ServicePayload, TagPayload
from chalicelib.schemas.wechat.staff import (
    AddressBookPayload,
    AppPayload,
    ApprovalPayload,
    JobPayload,
    StaffMessagePayload,
    StaffPayload,
)

Payloads = dict[str, type[EventPayload]]

STAFF_EVENTS = """subscribe unsubscribe enter_agent location click view view_miniprogram scancode_push
    scancode_waitmsg pic_sysphoto pic_photo_or_album pic_weixin location_select template_card_event
    template_card_menu_event"""
APP_EVENTS = """inactive_alert close_inactive_agent reopen_inactive_agent low_active_alert low_active active_restored
    share_agent_change share_chain_change msgaudit_notify"""
WECOM: Payloads = {
    "change_external_contact": ContactPayload,
    "change_external_chat": ChatPayload,
    "change_external_tag": TagPayload,
    "customer_acquisition": AcquisitionPayload,
    "change_contact": AddressBookPayload,
    "open_approval_change": ApprovalPayload,
    "batch_job_result": JobPayload,
    "kf_msg_or_event": ServicePayload,
    "kf_account_auth_change": ServicePayload,
    **dict.fromkeys(STAFF_EVENTS.split(), StaffPayload),
    **dict.fromkeys(APP_EVENTS.split(), AppPayload),
}
OFFICIAL: Payloads = {
    **dict.fromkeys(("subscribe", "unsubscribe", "scan"), ScanPayload),
    **dict.fromkeys(("click", "view", "view_miniprogram", "location", "user_enter_tempsession"), MenuPayload),
    **dict.fromkeys((f"subscribe_msg_{what}_event" for what in ("popup", "change", "sent")), SubscriptionPayload),
    "templatesendjobfinish": TemplateSentPayload,
}
UNKNOWN = "unknown"
BEGINNING = datetime.fromtimestamp(0, UTC)


def read_event(fields: dict[str, Any], origin: Origin, received_at: datetime) -> Behaviour:
    """Return the behaviour that an event is; for one that is not understood, the raw fields and why."""
    payload = payload_for(fields, origin)
    if payload is None:
        return unknown(fields, origin, received_at, "no such event")
    try:
        event = payload.model_validate(fields)
    except ValidationError as error:
        return unknown(fields, origin, received_at, first_of(error))
    return behaviour(
        event.facts(origin), event.created_at, id_of(fields, origin.receive_id), origin, received_at, event.properties
    )


def is_unknown(event: Behaviour) -> bool:
    """Whether an event was not understood."""
    return event.name.endswith(f".{UNKNOWN}")


def payload_for(fields: dict[str, Any], origin: Origin) -> type[EventPayload] | None:
    """Return the type of an event or a message; None when nobody has typed it."""
    if fields.get("MsgType") != "event":
        return StaffMessagePayload if origin.kind == "wecom" else FanMessagePayload
    return (WECOM if origin.kind == "wecom" else OFFICIAL).get(str(fields.get("Event")).lower())


def unknown(fields: dict[str, Any], origin: Origin, received_at: datetime, reason: str) -> Behaviour:
    """Return a behaviour that keeps what came.

    It stands beside the person's other behaviours, so that their export and their erasure find it, but its kind is
    the account's, which no stream consumer reads. Without a readable time it stands at the beginning of time, where
    a second delivery finds it again.
    """
    facts = Facts(f"{origin.prefix}.{UNKNOWN}", person_in(fields, origin), "account")
    raw = {"reason": reason, "raw": fields}
    return behaviour(facts, time_in(fields), id_of_unknown(fields, origin.receive_id), origin, received_at, raw)


def person_in(fields: dict[str, Any], origin: Origin) -> str:
    """Return the identity of the customer whom raw fields name, else the account's."""
    person = fields.get("ExternalUserID" if origin.kind == "wecom" else "FromUserName")
    if not isinstance(person, str) or not 1 <= len(person) <= 128:
        return f"account:{origin.account}"
    return customer_of(origin, person) if origin.kind == "wecom" else f"openid:{origin.receive_id}:{person}"


def time_in(fields: dict[str, Any]) -> datetime:
    """Return when raw fields say that it happened."""
    try:
        return moment(fields.get("CreateTime"))
    except ValueError:
        return BEGINNING


def behaviour(
    facts: Facts,
    occurred_at: datetime,
    event_id: str,
    origin: Origin,
    received_at: datetime,
    properties: dict[str, Any],
) -> Behaviour:
    """Put a behaviour together."""
    return Behaviour(
        subject=facts.subject,
        occurred_at=occurred_at,
        id=event_id,
        name=facts.name,
        kind=facts.kind,
        account=origin.account,
        source=origin.kind,
        received_at=received_at,
        properties=properties,
        also=facts.also,
        staff=facts.staff,
        welcome_code=facts.welcome_code,
    )


def first_of(error: ValidationError) -> str:
    """Return where the first trouble is and what it is, without the value."""
    trouble = error.errors(include_url=False, include_input=False, include_context=False)[0]
    return f"{'.'.join(str(part) for part in trouble['loc'])}: {trouble['msg']}"
