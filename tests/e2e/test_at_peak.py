"""Many customers of few staff, all with a step due in the same minute, through the packaged zip with IAM enforced."""

from collections import Counter
from math import ceil

import pytest

from infra.local.festival.playbook import GIFTS
from tests.e2e.crowds import Peak

pytestmark = pytest.mark.e2e
A_GROUP_SEND = 10_000
STEPS_AT_ONCE = 10


def test_everybody_got_exactly_one_message(peak: Peak) -> None:
    assert Counter(peak.crowd.reached.values()) == {1: peak.festival.guests}


def test_everybody_got_what_was_meant_for_them(peak: Peak) -> None:
    landed = {
        guest: [each.content.text for each in peak.scene.world.inbox(guest.external_userid)]
        for guest in peak.crowd.guests
    }
    assert {guest: texts for guest, texts in landed.items() if texts != [GIFTS[guest.gift]]} == {}


def test_each_staff_member_had_one_task_for_each_content(peak: Peak) -> None:
    members = Counter((guest.staff, GIFTS[guest.gift]) for guest in peak.crowd.guests)
    wanted = {each: ceil(number / A_GROUP_SEND) for each, number in members.items()}
    assert len(wanted) == peak.festival.staff * len(GIFTS)
    assert Counter((call.body["sender"], call.body["text"]["content"]) for call in peak.group_sends) == wanted
    assert {call.errcode for call in peak.group_sends} == {0}


def test_everything_that_was_due_is_accounted_for(peak: Peak) -> None:
    proof = peak.scene.operator.run("accounted", "--grace", "60s")
    assert proof.returncode == 0, proof.stdout
    assert peak.kept == {}


def test_steps_run_in_batches_and_few_deliveries_carry_all_of_them(peak: Peak) -> None:
    guests, steps, deliveries = peak.festival.guests, peak.invocations["RunStep"], peak.invocations["Deliver"]
    assert ceil(guests / STEPS_AT_ONCE) <= steps < guests / 2
    assert 0 < deliveries < guests / 2
