"""What behaviours mean by themselves, whatever the playbooks say: ties, profile, consent."""

from collections.abc import Callable, Mapping
from typing import Any

from chalicelib.domain.behaviour import Behaviour
from chalicelib.domain.customer import Consent, Customer, Relation, RelationState, Scalar
from chalicelib.domain.zones import zone_named

ATTRIBUTES = 100
CHARACTERS = 512
STOP_WORDS = frozenset({"退订", "td", "t", "unsubscribe", "stop"})
TIES: Mapping[str, RelationState] = {
    "wecom.add_external_contact": "friend",
    "wecom.add_half_external_contact": "half",
    "wecom.del_follow_user": "removed_by_customer",
    "wecom.del_external_contact": "removed_by_staff",
}


def takes_effect(customer: Customer, behaviour: Behaviour) -> Customer:
    """Return the customer after what a behaviour means by itself."""
    effect = EFFECTS.get(behaviour.name)
    return effect(customer, behaviour) if effect else customer


def tied(customer: Customer, behaviour: Behaviour) -> Customer:
    """Return the customer with a tie to a staff member made, loosened or cut.

    Events may come out of order, so an older one never overrules a newer one.
    """
    staff, state = behaviour.staff or "", TIES[behaviour.name]
    key = f"{behaviour.account}/{staff}"
    present = customer.relations.get(key)
    if present and (present.since > behaviour.occurred_at or (state == "half" and present.state == "friend")):
        return customer
    tie = Relation(
        account=behaviour.account,
        staff=staff,
        external_userid=behaviour.subject.rpartition(":")[2],
        state=state,
        since=behaviour.occurred_at,
        because=behaviour.key,
        revision=customer.version + 1,
    )
    return customer.model_copy(update={"relations": {**customer.relations, key: tie}})


def described(customer: Customer, behaviour: Behaviour) -> Customer:
    """Return the customer with the attributes that a source told; `timezone` also sets their clock."""
    traits = {name: value for name, value in traits_of(behaviour) if is_scalar(value)}
    profile = dict(list({**customer.profile, **traits}.items())[:ATTRIBUTES])
    zone = traits.get("timezone")
    told_zone = zone if isinstance(zone, str) and zone_named(zone) else customer.zone
    if profile == customer.profile and told_zone == customer.zone:
        return customer
    changes = {"profile": profile, "zone": told_zone, "profile_revision": customer.version + 1}
    return customer.model_copy(update=changes)


def traits_of(behaviour: Behaviour) -> list[tuple[str, Any]]:
    """Return the attributes in a behaviour, long texts cut."""
    told = behaviour.properties.get("traits", behaviour.properties)
    found = told.items() if isinstance(told, dict) else ()
    return [(str(name)[:64], value[:CHARACTERS] if isinstance(value, str) else value) for name, value in found]


def is_scalar(value: object) -> bool:
    """Whether a value is one that conditions can test."""
    return isinstance(value, Scalar)


def consented(customer: Customer, behaviour: Behaviour) -> Customer:
    """Return the customer with consent recorded or withdrawn, unless something newer has been said."""
    if customer.consent and customer.consent.at > behaviour.occurred_at:
        return customer
    consent = Consent(granted=behaviour.name == "Consent Granted", at=behaviour.occurred_at, because=behaviour.key)
    return customer.model_copy(update={"consent": consent})


def spoken(customer: Customer, behaviour: Behaviour) -> Customer:
    """Return the customer after a message: one of the stop words withdraws consent at once."""
    text = str(behaviour.properties.get("text") or behaviour.properties.get("content") or "")
    return consented(customer, behaviour) if text.strip().lower() in STOP_WORDS else customer


def paused(customer: Customer, behaviour: Behaviour) -> Customer:
    """Return the customer with all journeys held, or let go again."""
    return customer.model_copy(update={"paused": behaviour.name == "chaoxi.customer_paused"})


EFFECTS: Mapping[str, Callable[[Customer, Behaviour], Customer]] = {
    **dict.fromkeys(TIES, tied),
    "identify": described,
    "chaoxi.contact_read": described,
    "Consent Granted": consented,
    "Consent Withdrawn": consented,
    "Message Received": spoken,
    "oa.message": spoken,
    "chaoxi.customer_paused": paused,
    "chaoxi.customer_resumed": paused,
}
