"""What the tests of the loop do again and again."""

import json
from base64 import b64encode
from datetime import timedelta
from typing import Any

from chalicelib.domain.enrolment import Enrolment
from chalicelib.domain.playbook.playbook import Playbook
from chalicelib.domain.push import Push
from chalicelib.models.customers import CustomerRow
from chalicelib.models.enrolments import EnrolmentRow
from chalicelib.models.identities import IdentityRow
from chalicelib.models.pushes import PushRow
from chalicelib.services.publish_playbook import publish_playbook
from chalicelib.services.rotate_write_key import rotate_write_key
from tests.harness.wecom import WecomCloud
from tests.unit.loop.world import DRAFT

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
WELCOME = {"welcome": [{"content": "greeting"}]}


def published(**changes: Any) -> Playbook:
    """Publish the small playbook, changed in places."""
    contents = {**DRAFT["contents"], "greeting": {"text": "${customer_name}您好"}}
    return publish_playbook(Playbook.model_validate({**DRAFT, **WELCOME, "contents": contents, **changes}))


def staffed(cloud: WecomCloud, *names: str) -> None:
    """Hire staff."""
    for name in names:
        cloud.wecom.add_staff("wwcorp", name)


def customer_id(external_userid: str) -> str:
    """Return the customer behind an external_userid."""
    found = IdentityRow.customer_of(f"wecom:wwcorp:{external_userid}")
    assert found is not None
    return found


def customer(external_userid: str) -> Any:
    """Return the customer behind an external_userid, as stored."""
    return CustomerRow.fetch(customer_id(external_userid))


def run_of(external_userid: str, run: str = "main") -> Enrolment:
    """Return a customer's run."""
    found = EnrolmentRow.fetch(customer_id(external_userid), run)
    assert found is not None
    return found


def pushes_of(external_userid: str) -> list[Push]:
    """Return a customer's pushes but the welcome, in order of planning."""
    return [push for push in PushRow.of_customer(customer_id(external_userid)) if push.channel == "group_send"]


def texts(cloud: WecomCloud, external_userid: str) -> list[str]:
    """Return what a customer has received."""
    return [message.content.text for message in cloud.wecom.inbox(external_userid)]


def said(cloud: WecomCloud, external_userid: str, name: str, /, **properties: Any) -> None:
    """Let the shop tell what a customer did; twice, where everything comes twice."""
    key = rotate_write_key("shop", cloud.now)
    event = {
        "type": "page" if name == "page" else "track",
        "event": name,
        "name": properties.get("name", name),
        "messageId": f"{external_userid}-{name}-{cloud.now.timestamp()}",
        "anonymousId": f"browser-of-{external_userid}",
        "timestamp": cloud.now.isoformat(),
        "properties": properties,
        "context": {"externalIds": [
            {"type": "wecom_external_userid", "id": external_userid, "collection": "wwcorp", "encoding": "none"}
        ]},
    }
    headers = {"Authorization": "Basic " + b64encode(f"{key}:".encode()).decode(), "Content-Type": "application/json"}
    for _ in range(2 if cloud.delivery.duplicates else 1):
        reply = cloud.post("/v1/batch", json.dumps({"batch": [event]}), headers)
        assert (reply.status, reply.json()["rejected"]) == (200, []), reply
