"""The rules of group-sends."""

from datetime import UTC, datetime, timedelta

import pytest

from chalicelib.domain.group_sending import (
    POLLS,
    Fate,
    Found,
    chunks,
    fate_of,
    fates_on_submission,
    found_in,
    is_early,
    is_settled,
    look_again_at,
    members_among,
    poll_due_at,
    recipients,
    unclaimed,
    window_of,
)
from chalicelib.domain.push import GroupSend, Push

NOON = datetime(2026, 11, 22, 4, tzinfo=UTC)
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


def push(member: str, bucket: int = 1, state: str = "planned", customer: str = "") -> Push:
    return Push.model_validate({
        "batch": "b", "member": member, "channel": "group_send", "customer_id": "c", "run": "r", "stage": "s",
        "step": "t", "rule": "", "content": "", "account": "a", "staff": "z", "external_userid": customer or member,
        "slot": NOON, "planned_at": NOON, "bucket": bucket, "state": state, "because": "",
    })  # fmt: skip


def send(*members: str, **given: object) -> GroupSend:
    plain = {"batch": "b", "sequence": 1, "members": members, "state": "submitted", "claimed_at": NOON}
    return GroupSend.model_validate(plain | given)


@pytest.mark.parametrize(
    ("count", "sizes"), [(0, []), (1, [1]), (10_000, [10_000]), (10_001, [10_000, 1]), (20_001, [10_000, 10_000, 1])]
)
def test_a_group_send_takes_ten_thousand(count: int, sizes: list[int]) -> None:
    pushes = [push(f"{number:05d}") for number in range(count)]
    found = chunks(pushes)
    assert [len(chunk) for chunk in found] == sizes
    assert [member for chunk in found for member in chunk] == [each.member for each in pushes]


@pytest.mark.parametrize(
    ("buckets", "is_so"), [([], False), ([3], False), ([2, 3], False), ([4], True), ([1, 9], True)]
)
def test_a_message_is_early_while_a_later_bucket_waits(buckets: list[int], is_so: bool) -> None:
    assert is_early([push(str(number), bucket) for number, bucket in enumerate(buckets)], bucket=3) is is_so


def test_only_planned_pushes_that_no_group_send_claimed_go_into_a_new_one() -> None:
    pushes = [push("d"), push("c"), push("b", state="submitted"), push("a")]
    assert [each.member for each in unclaimed(pushes, [send("a", "x")])] == ["c", "d"]


def test_a_customer_with_two_runs_is_one_recipient() -> None:
    pushes = [push("a", customer="wm1"), push("b", customer="wm1"), push("c", customer="wm2"), push("d")]
    assert recipients(send("a", "b", "c"), pushes) == ["wm1", "wm2"]


@pytest.mark.parametrize(
    ("took", "found"),
    [
        (["wm1", "wm2"], Found("m", ())),
        (["wm2"], Found("m", ("wm1",))),
        ([], None),
        (["wm1", "wm2", "wm3"], None),
        (["wm3"], None),
    ],
)
def test_a_listed_group_send_is_ours_if_it_took_only_whom_we_asked_for(took: list[str], found: Found | None) -> None:
    assert found_in("m", took, ["wm1", "wm2"]) == found


def test_the_search_goes_by_the_instant_of_the_claim() -> None:
    assert window_of(send("a")) == (NOON - 2 * MINUTE, NOON + 2 * MINUTE)


@pytest.mark.parametrize(("after", "settled"), [(0, False), (119, False), (120, True), (9999, True)])
def test_a_call_is_settled_when_the_platform_must_have_listed_it(after: int, settled: bool) -> None:
    assert is_settled(send("a"), NOON + timedelta(seconds=after), 2 * MINUTE) is settled


@pytest.mark.parametrize(
    ("state", "failed", "reason", "fate"),
    [
        ("submitted", (), None, Fate("submitted")),
        ("submitted", ("a",), None, Fate("failed", "fail_list")),
        ("submitted", ("other",), None, Fate("submitted")),
        ("closed", (), "wecom:41048", Fate("failed", "wecom:41048")),
    ],
)
def test_the_answer_to_a_group_send_is_a_fate_for_each_push(
    state: str, failed: tuple[str, ...], reason: str | None, fate: Fate
) -> None:
    answered = send("a", state=state, failed=failed, reason=reason)
    assert fates_on_submission(answered, ["a"]) == {"a": fate}


def test_customers_that_were_left_out_are_kept_as_members() -> None:
    pushes = [
        push("a", customer="wm1"),
        push("b", customer="wm1"),
        push("c", customer="wm2"),
        push("x", customer="wm1"),
    ]
    assert members_among(["wm1", "wm9"], send("a", "b", "c"), pushes) == ("a", "b")


def test_results_are_asked_for_after_half_an_hour_four_hours_a_day_and_three_days() -> None:
    due = [poll_due_at(send("a"), poll) for poll in range(5)]
    assert due == [NOON + HOUR / 2, NOON + 4 * HOUR, NOON + 24 * HOUR, NOON + 72 * HOUR, None]


@pytest.mark.parametrize(
    ("status", "poll", "fate"),
    [
        (0, 0, None),
        (0, 2, None),
        (0, 3, Fate("failed", "not_confirmed")),
        (1, 0, Fate("delivered")),
        (1, 3, Fate("delivered")),
        (2, 0, Fate("failed", "not_friend")),
        (3, 1, Fate("failed", "over_quota")),
        (7, 1, None),
    ],
)
def test_a_result_is_a_fate_once_it_is_final(status: int, poll: int, fate: Fate | None) -> None:
    assert fate_of(status, poll) == fate


@pytest.mark.parametrize(
    ("poll", "due", "late", "again"),
    [
        (0, POLLS[0], 0 * MINUTE, POLLS[0] + 2 * MINUTE),
        (0, POLLS[0], 1 * MINUTE, POLLS[0] + 2 * MINUTE),
        (0, POLLS[0], 2 * MINUTE, POLLS[0] + 2 * MINUTE),
        (0, POLLS[0], 7 * MINUTE, POLLS[0] + 8 * MINUTE),
        (0, 4 * HOUR - 3 * MINUTE, 0 * MINUTE, 4 * HOUR - MINUTE),
        (0, 4 * HOUR - 2 * MINUTE, 0 * MINUTE, None),
        (3, POLLS[3], 0 * MINUTE, POLLS[3] + 2 * MINUTE),
        (3, POLLS[3] + 58 * MINUTE, 0 * MINUTE, None),
    ],
)
def test_a_group_send_in_dispatch_is_looked_at_every_two_minutes_up_to_its_next_poll(
    poll: int, due: timedelta, late: timedelta, again: timedelta | None
) -> None:
    due_at = NOON + due
    expected = None if again is None else NOON + again
    assert look_again_at(send("a"), poll, due_at, due_at + late) == expected
