"""Two customers, one staff member, different steps in the same minute."""

from pathlib import Path

import pytest

from infra.dependencies import ROOT
from infra.playbook_file import load
from tests.e2e.cloud import Cloud, eventually

pytestmark = pytest.mark.e2e
PLAYBOOK = load(Path(ROOT / "playbooks" / "consultation.yaml"))


def texts_of_pushes(cloud: Cloud, customer: str) -> list[str]:
    """Return the texts that the tables say a customer was sent."""
    sent = [push for push in cloud.pushes(customer) if push["state"] in ("submitted", "delivered")]
    return [PLAYBOOK.contents[push["content"].partition("/")[2]].text or "" for push in sent]


def has_content_of(cloud: Cloud, customer: str, stage: str) -> bool:
    """Whether something of a stage landed on a customer's phone."""
    texts = {content.text for name, content in PLAYBOOK.contents.items() if name.startswith(f"{stage}-")}
    return bool(texts & set(cloud.inbox(customer, "group_send")))


def test_each_gets_only_the_content_of_their_own_stage(cloud: Cloud) -> None:
    cloud.follow("wmSILENT", "staff02", "小安")
    cloud.follow("wmKEEN", "staff02", "小凯")
    assert cloud.tracker.send("track", "wmKEEN", "Price Asked", {"product": "consultation"}) == 200

    assert eventually(lambda: has_content_of(cloud, "wmKEEN", "keen"), 60)
    assert eventually(lambda: has_content_of(cloud, "wmSILENT", "new"), 60)

    assert not has_content_of(cloud, "wmSILENT", "keen")
    for customer in ("wmSILENT", "wmKEEN"):
        landed, sent = cloud.inbox(customer, "group_send"), texts_of_pushes(cloud, customer)
        assert set(landed) <= set(sent)
        assert len(landed) == len(set(landed))
