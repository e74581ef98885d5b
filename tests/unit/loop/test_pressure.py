"""How much one customer may receive."""

from datetime import date, timedelta

import pytest

from chalicelib.domain.playbook.playbook import Playbook
from chalicelib.domain.pressure import Allowance, Claim, days_in_month, refusal
from tests.unit.loop.world import DRAFT, PLAYBOOK

SUNDAY = date(2026, 11, 22)


def given(*days: date) -> Allowance:
    allowance = Allowance(customer_id="c-1")
    for number, day in enumerate(days):
        allowance = allowance.with_claim(str(number), Claim(day=day, batch="b"))
    return allowance


@pytest.mark.parametrize(
    ("days", "reason"),
    [
        ([], None),
        ([SUNDAY], None),
        ([SUNDAY] * 2, "cap_day"),
        ([SUNDAY - timedelta(days=1)] * 5, "cap_week"),
        ([SUNDAY - timedelta(days=7)] * 5, None),  # last week's
        ([date(2026, 11, day) for day in range(1, 15)] + [SUNDAY - timedelta(days=7)] * 6, "cap_month"),
        ([date(2026, 10, 31)] * 30, None),  # last month's
    ],
)
def test_caps_count_the_customer_s_own_calendar(days, reason):
    assert refusal(given(*days), PLAYBOOK, SUNDAY) == reason


@pytest.mark.parametrize(
    ("quota", "days", "reason"),
    [
        ("month_days", [date(2026, 11, day) for day in range(1, 22)] + [date(2026, 11, 1)] * 9, "quota_month"),
        ("week_7", [date(2026, 11, 16)] * 7, "quota_week"),
        ("day_1", [SUNDAY], "quota_day"),
    ],
)
def test_the_platform_s_quota_holds_where_operations_set_no_tighter_cap(quota, days, reason):
    loose = {"day": 99, "week": 99, "month": 99}
    playbook = Playbook.model_validate({**DRAFT, "caps": loose, "quota": quota})
    assert refusal(given(*days), playbook, SUNDAY) == reason


def test_an_allowance_forgets_what_no_cap_looks_back_to():
    old = given(date(2026, 9, 1), date(2026, 11, 1))
    assert set(old.with_claim("new", Claim(day=SUNDAY, batch="b")).claims) == {"1", "new"}


@pytest.mark.parametrize(("day", "days"), [(date(2026, 2, 3), 28), (date(2028, 2, 29), 29), (date(2026, 12, 31), 31)])
def test_months_have_their_days(day, days):
    assert days_in_month(day) == days
