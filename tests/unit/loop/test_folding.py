"""Behaviours become ties, attributes, counters and tags."""

from datetime import timedelta

import pytest

from chalicelib.domain.behaviour import Behaviour
from chalicelib.domain.customer import Customer
from chalicelib.domain.folding import TIME_PASSED, fold
from chalicelib.domain.playbook.playbook import Playbook
from tests.unit.loop.world import DRAFT, NOON, PLAYBOOK, SUBJECT, behaviour, customer, tag

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
NOBODY = Customer(customer_id="c-1")


def after(start: Customer, *behaviours: Behaviour) -> Customer:
    """Fold behaviours one after the other, each as a write of its own."""
    for one in behaviours:
        folded = fold(start, one, [PLAYBOOK], one.occurred_at).customer
        start = folded if folded == start else folded.model_copy(update={"version": start.version + 1})
    return start


def test_following_a_staff_member_makes_a_friend_and_earns_the_rule_s_tag():
    followed = after(NOBODY, behaviour("wecom.add_external_contact"))
    assert followed.owner is not None
    assert (followed.owner.staff, followed.owner.external_userid) == ("li", "wm1")
    assert followed.tags["followed"].because == f"{SUBJECT}/2026-11-22T04:00:00.000Z#1"
    assert followed.tags["followed"].rule == "demo@1/followed"


def test_an_unfollow_that_arrives_before_its_older_follow_is_not_undone_by_it():
    gone = after(
        NOBODY, behaviour("wecom.del_follow_user", NOON + HOUR), behaviour("wecom.add_external_contact", NOON, key="2")
    )
    assert gone.friends == ()


def test_a_half_added_customer_is_no_friend_yet_and_a_friend_is_not_made_half_again():
    assert after(NOBODY, behaviour("wecom.add_half_external_contact")).owner is None
    whole = after(
        NOBODY, behaviour("wecom.add_external_contact"), behaviour("wecom.add_half_external_contact", NOON + HOUR)
    )
    assert whole.owner is not None


@pytest.mark.parametrize(
    ("times", "names", "keen"),
    [
        ([NOON], ["price"], False),
        ([NOON, NOON + DAY], ["price", "price list"], True),
        ([NOON, NOON + DAY], ["price", "home"], False),
        ([NOON, NOON + 3 * DAY], ["price", "price"], False),  # the window of three days counts the last one's day in
    ],
)
def test_a_rule_counts_only_what_it_is_about_and_only_inside_its_window(times, names, keen):
    pages = (behaviour("page", at, str(at), name=name) for at, name in zip(times, names, strict=True))
    assert ("keen" in after(NOBODY, *pages).tags) is keen


def test_a_reply_takes_away_the_tag_of_silence_and_remembers_when():
    talking = after(customer("silent"), behaviour("Message Received"))
    assert "silent" not in talking.tags
    assert talking.lost == {"silent": 2}
    assert talking.tags["replied"].until == NOON + 7 * DAY


def test_a_tag_earned_again_lasts_longer_but_keeps_when_it_began():
    again = after(NOBODY, behaviour("Message Received"), behaviour("Message Received", NOON + DAY, "2"))
    assert (again.tags["replied"].since, again.tags["replied"].until) == (NOON, NOON + 8 * DAY)


def test_a_tag_lapses_and_a_timer_is_set_for_that_moment():
    folded = fold(NOBODY, behaviour("Message Received"), [PLAYBOOK], NOON)
    assert [(timer.rule, timer.due_at) for timer in folded.timers] == [("lapse/replied", NOON + 7 * DAY)]
    week_later = behaviour(TIME_PASSED, NOON + 7 * DAY, rule="lapse/replied")
    lapsed = fold(folded.customer, week_later, [PLAYBOOK], NOON + 7 * DAY)
    assert "replied" not in lapsed.customer.tags


@pytest.mark.parametrize(("spoke_after", "silent"), [(None, True), (HOUR, False), (3 * HOUR, False)])
def test_silence_is_found_when_its_time_is_over_unless_the_customer_spoke(spoke_after, silent):
    follow = behaviour("wecom.add_external_contact")
    folded = fold(NOBODY, follow, [PLAYBOOK], NOON)
    assert ("demo/silent", NOON + 2 * HOUR) in [(timer.rule, timer.due_at) for timer in folded.timers]
    spoken = (behaviour("Message Received", NOON + spoke_after, "2"),) if spoke_after else ()
    end = behaviour(TIME_PASSED, NOON + 2 * HOUR, "3", rule="demo/silent")
    assert ("silent" in after(folded.customer, *spoken, end).tags) is silent


def test_silence_since_their_own_last_word_can_be_waited_for():
    quiet = {"absent": "Message Received", "after": "Message Received", "for": "3d"}
    rules = [{"id": "faded", "when": quiet, "add": [{"tag": "faded"}]}]
    playbook = Playbook.model_validate({**DRAFT, "rules": rules})
    spoken = fold(NOBODY, behaviour("Message Received"), [playbook], NOON).customer
    end = behaviour(TIME_PASSED, NOON + 3 * DAY, "2", rule="demo/faded")
    assert "faded" in fold(spoken, end, [playbook], NOON + 3 * DAY).customer.tags
    again = fold(spoken, behaviour("Message Received", NOON + DAY, "3"), [playbook], NOON + DAY).customer
    assert "faded" not in fold(again, end, [playbook], NOON + 3 * DAY).customer.tags


def test_each_order_is_a_tag_of_its_own_and_only_the_first_is_the_first_order():
    bought = after(
        NOBODY,
        behaviour("Order Completed", order_id="A1"),
        behaviour("Order Completed", NOON + HOUR, "2", order_id="A2"),
    )
    assert {"ordered#A1", "ordered#A2", "first_order"} <= set(bought.tags)
    assert bought.tags["first_order"].at == NOON


def test_what_no_playbook_watches_changes_nothing():
    assert after(customer(), behaviour("Song Played")) == customer()


def test_traits_become_attributes_and_a_time_zone_becomes_the_customer_s_clock():
    told = after(NOBODY, behaviour("identify", traits={"name": "王", "timezone": "Europe/Berlin", "list": [1]}))
    assert told.profile == {"name": "王", "timezone": "Europe/Berlin"}
    assert told.zone == "Europe/Berlin"
    assert after(NOBODY, behaviour("identify", traits={"timezone": "Mars/Olympus"})).zone is None


def test_a_customer_told_a_thousand_traits_keeps_a_hundred():
    told = after(NOBODY, behaviour("identify", traits={f"t{number}": "x" * 9999 for number in range(1000)}))
    assert len(told.profile) == 100
    assert max(len(str(value)) for value in told.profile.values()) == 512


@pytest.mark.parametrize("text", ["退订", " TD ", "unsubscribe"])
def test_a_stop_word_withdraws_consent_at_once(text):
    stopped = after(customer(), behaviour("oa.message", content=text))
    assert stopped.consent is not None
    assert not stopped.consent.granted


def test_consent_withdrawn_stays_so_when_an_older_grant_arrives_late():
    asked = after(
        customer(), behaviour("Consent Withdrawn", NOON + HOUR), behaviour("Consent Granted", NOON, "2")
    )
    assert asked.consent is not None
    assert not asked.consent.granted


def test_everything_of_one_write_bears_its_version():
    known = customer("old", version=7)
    folded = fold(known, behaviour("Message Received"), [PLAYBOOK], NOON).customer
    assert folded.tags["replied"].revision == 8
    assert folded.signals["Message Received"].revision == 8
    assert folded.tags["old"] == tag(7)
