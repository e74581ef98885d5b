"""The product and the reference side by side: each deed is done to both."""

import json
from base64 import b64encode
from collections import Counter
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from chalicelib.domain.enrolment import Enrolment
from chalicelib.domain.push import Push
from chalicelib.services.find_person import person_of
from chalicelib.services.pause_customer import pause_customer
from chalicelib.services.pause_enrolment import pause_enrolment, resume_enrolment
from chalicelib.services.publish_playbook import publish_playbook
from chalicelib.services.rotate_write_key import rotate_write_key
from tests.harness.database import rows_of
from tests.harness.delivery import Delivery
from tests.harness.wecom import WecomCloud
from tests.integration.model.plan import BIRTHDAYS, Edit, playbook_of
from tests.integration.model.reference import Person, Reference
from tests.integration.model.trouble import Troubles

STAFF = ("li", "mei")
PEOPLE = tuple(BIRTHDAYS)
SECOND = timedelta(seconds=1)
EVENTS: dict[str, dict[str, Any]] = {
    "message": {"type": "track", "event": "Message Received"},
    "price": {"type": "page", "name": "price list"},
    "order": {"type": "track", "event": "Order Completed"},
    "withdrawal": {"type": "track", "event": "Consent Withdrawn"},
    "consent": {"type": "track", "event": "Consent Granted"},
    "birthday": {"type": "identify"},
    "noise": {"type": "track", "event": "Looked Around"},
}


class Scene:
    """A cloud, what ought to become of it, and what its senders were told is stored."""

    def __init__(self, delivery: Delivery, edit: Edit) -> None:
        self.cloud = WecomCloud(delivery=delivery)
        self.cloud.__enter__()
        self.late = delivery.late
        self.reference = Reference(delivery.late, edit)
        self.troubles = Troubles(self.cloud)
        self.stored: Counter[tuple[str, str]] = Counter()
        self.sent = 0
        for name in STAFF:
            self.cloud.wecom.add_staff("wwcorp", name)
        key = rotate_write_key("shop", self.cloud.now)
        basic = "Basic " + b64encode(f"{key}:".encode()).decode()
        self.headers = {"Authorization": basic, "Content-Type": "application/json"}
        publish_playbook(playbook_of(edit))

    @property
    def now(self) -> datetime:
        """The present instant."""
        return self.cloud.now

    @property
    def edit(self) -> Edit:
        """The live version of the plan."""
        return self.reference.edit

    def person(self, who: str) -> Person:
        """Return what ought to be true of somebody."""
        return self.reference.people[who]

    def follow(self, who: str, staff: str) -> None:
        """Somebody adds a staff member."""
        at, told = self.now, self.cloud.wecom.follow(staff, who, "小王")
        assert told.deliveries["main"].is_accepted
        self.stored[f"wecom:wwcorp:{who}", "wecom.add_external_contact"] += 1
        self.person(who).follow(staff, at, self.edit)

    def unfollow(self, who: str, staff: str) -> None:
        """Somebody drops a staff member."""
        at, told = self.now, self.cloud.wecom.unfollow(staff, who)
        assert told["main"].is_accepted
        self.stored[f"wecom:wwcorp:{who}", "wecom.del_follow_user"] += 1
        self.person(who).unfollow(staff, at, self.edit)

    def tell(self, who: str, what: str, ago: timedelta, is_repeated: bool, text: str = "") -> None:
        """A shop tells what somebody did a while ago, perhaps twice; it tells again until it hears that it is kept."""
        self.sent += 1
        at = self.now - ago
        message = self.message(who, what, at, text)
        for _ in range(2 if is_repeated or self.cloud.delivery.duplicates else 1):
            replies = (self.cloud.post("/v1/batch", message, self.headers) for _ in range(4))
            reply = next(reply for reply in replies if reply.status == 200)
            assert reply.json()["rejected"] == []
        event = EVENTS[what]
        self.stored[f"anonymous:browser-of-{who}", event.get("event", event["type"])] += 1
        if what != "noise":
            told = BIRTHDAYS[who] if what == "birthday" else text
            self.person(who).tell(what, at, self.now, self.edit, told)

    def message(self, who: str, what: str, at: datetime, text: str) -> str:
        """Return a call of the tracking API."""
        known = {"type": "wecom_external_userid", "id": who, "collection": "wwcorp", "encoding": "none"}
        event = {
            **EVENTS[what],
            "messageId": f"m{self.sent}",
            "anonymousId": f"browser-of-{who}",
            "timestamp": at.isoformat(),
            "properties": {"text": text, "id": text, "name": "price list"},
            "traits": {"birthday": BIRTHDAYS[who]},
            "context": {"externalIds": [known]},
        }
        return json.dumps({"batch": [event]})

    def hold(self, who: str, is_held: bool) -> None:
        """An operator holds everything of somebody's, or lets it go on."""
        customer = self.customer_id(who)
        assert customer
        pause_customer(person_of(customer), is_held, self.now)
        self.person(who).tell("hold", self.now, self.now, self.edit, "" if is_held else "ends")

    def pause(self, who: str) -> None:
        """An operator pauses somebody's main run."""
        run = self.run_of(who)
        assert run
        pause_enrolment(run)
        self.person(who).pause(self.now)

    def resume(self, who: str) -> None:
        """An operator lets it go on."""
        run = self.run_of(who)
        assert run
        resume_enrolment(run, self.now)
        self.person(who).resume(self.now, self.edit)

    def publish(self, edit: Edit) -> None:
        """Operations publish another version of the plan."""
        numbered = replace(edit, version=self.edit.version + 1)
        assert publish_playbook(playbook_of(numbered)).version == numbered.version
        self.reference.edit = numbered

    def go_on(self, span: timedelta) -> None:
        """Let time pass, and what was delayed by a fault come back, as far as it moves people."""
        self.cloud.run_for(span)
        while self.cloud.messages("timers"):
            self.cloud.run_for(timedelta(minutes=6))
        self.reference.pass_time(self.now)

    def rows(self, table: str) -> list[dict[str, Any]]:
        """Return a table's rows, read past the product."""
        return rows_of(next(one for one in self.cloud.stack.tables if one.name.endswith(f"-{table}")))

    def customer_id(self, who: str) -> str | None:
        """Return the product's id of somebody."""
        owners = {row["identity"]: row["customer_id"] for row in self.rows("identities")}
        return owners.get(f"wecom:wwcorp:{who}")

    def runs_of(self, who: str) -> list[Enrolment]:
        """Return all runs of somebody."""
        mine = self.customer_id(who)
        found = (row["document"] for row in self.rows("enrolments") if row["customer_id"] == mine)
        return [Enrolment.model_validate_json(document) for document in found]

    def run_of(self, who: str) -> Enrolment | None:
        """Return somebody's main run."""
        return next((run for run in self.runs_of(who) if run.run == "main"), None)

    def pushes(self) -> list[Push]:
        """Return all pushes, in the order in which they were decided."""
        found = (row["document"] for row in self.rows("pushes") if row.get("customer_id"))
        return sorted((Push.model_validate_json(document) for document in found), key=lambda push: push.planned_at)

    def msgids(self) -> set[str]:
        """Return the platform's names of the group-sends that the product knows."""
        sends = (json.loads(row["document"]) for row in self.rows("pushes") if row["member"].startswith("~send#"))
        return {send["msgid"] for send in sends if send.get("msgid")}

    def close(self) -> None:
        """Take the cloud down."""
        self.cloud.__exit__(None, None, None)
