"""Learning who has just followed: their name for the welcome, and the rest for their profile."""

from datetime import datetime

from chalicelib.domain.behaviour import Behaviour
from chalicelib.domain.push import digest
from chalicelib.errors import ChaoxiError
from chalicelib.gateways.wecom.client import WeComApp
from chalicelib.gateways.wecom.contacts import ContactAnswer, read_contact
from chalicelib.metering.inputs import noted
from chalicelib.models.behaviours import BehaviourRow
from chalicelib.observability import count, logger

PATIENCE = 2.0


def learn_contact(app: WeComApp, follow: Behaviour, now: datetime) -> str | None:
    """Return the new customer's name, and record what the platform knows of them as a behaviour.

    None when it does not answer in two seconds, or does not know them: nothing here may cost the welcome. The
    behaviour is derived from the follow, so reading again writes nothing.
    """
    try:
        contact = read_contact(app, follow.subject.rpartition(":")[2], PATIENCE)
    except ChaoxiError as error:
        count("ContactUnread")
        logger.warning("a contact could not be read", extra={"because": follow.key, "reason": str(error)})
        return None
    told = contact_behaviour(contact, follow, now)
    noted("report", BehaviourRow.record(told), told.key)
    return contact.external_contact.name or None


def contact_behaviour(contact: ContactAnswer, follow: Behaviour, now: datetime) -> Behaviour:
    """Return `chaoxi.contact_read`: at the follow's own instant, so that it is the same row every time."""
    person, tie = contact.external_contact, contact.follower(follow.staff or "")
    told = {
        "name": person.name or None,
        "unionid": person.unionid,
        "gender": person.gender,
        "add_way": tie.add_way,
        "state": tie.state,
    }
    return Behaviour(
        subject=follow.subject,
        occurred_at=follow.occurred_at,
        id=digest("contact_read", follow.id),
        name="chaoxi.contact_read",
        account=follow.account,
        source="chaoxi",
        received_at=now,
        properties={name: value for name, value in told.items() if value is not None},
        also=(f"unionid:{person.unionid}",) if person.unionid else (),
        staff=follow.staff,
    )
