from datetime import UTC, datetime, timedelta
from functools import reduce
from random import Random
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.customer import Signal
from chalicelib.domain.signals import count, record

SHANGHAI, NEW_YORK = ZoneInfo("Asia/Shanghai"), ZoneInfo("America/New_York")
NOW = datetime(2027, 3, 15, 4, tzinfo=UTC)  # noon in Shanghai
MOMENTS = st.datetimes(datetime(2026, 6, 1), datetime(2027, 6, 1), timezones=st.just(UTC))  # noqa: DTZ001


def signal_of(*moments: datetime, zone: ZoneInfo = SHANGHAI) -> Signal | None:
    return reduce(lambda signal, at: record(signal, at, zone), moments, None)


def ago(text: str) -> datetime:
    number, unit = int(text[:-1]), {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}[text[-1]]
    return NOW - timedelta(**{unit: number})


@pytest.mark.parametrize(
    ("happened", "within", "expected"),
    [
        ([], None, 0),
        ([], timedelta(days=1), 0),
        (["1m", "400d", "3d"], None, 3),
        # shorter than days: exact, both ends included, nothing from the future.
        (["0s", "60m", "61m"], timedelta(minutes=60), 2),
        (["-1s", "1s"], timedelta(minutes=60), 1),
        (["1h", "35h", "36h", "37h"], timedelta(hours=36), 3),
        # whole days: calendar days of the customer, today included. It is noon.
        (["1h", "11h", "12h", "13h"], timedelta(days=1), 3),
        (["13h", "36h", "37h"], timedelta(hours=48), 2),
        (["6d", "7d"], timedelta(days=7), 1),
        (["91d", "92d"], timedelta(days=92), 1),
        (["-13h", "1h"], timedelta(days=1), 1),
    ],
)
def test_a_window_counts_elapsed_time_or_calendar_days(
    happened: list[str], within: timedelta | None, expected: int
) -> None:
    assert count(signal_of(*(ago(text) for text in happened)), within, NOW, SHANGHAI) == expected


def test_today_is_the_customers_own() -> None:
    late = datetime(2027, 3, 15, 3, 30, tzinfo=UTC)  # 23:30 on the 14th in New York, a day of 23 hours
    assert count(signal_of(late, zone=NEW_YORK), timedelta(days=1), late + timedelta(minutes=29), NEW_YORK) == 1
    assert count(signal_of(late, zone=NEW_YORK), timedelta(days=1), late + timedelta(minutes=31), NEW_YORK) == 0
    assert count(signal_of(late, zone=NEW_YORK), timedelta(days=2), late + timedelta(minutes=31), NEW_YORK) == 1


def test_a_row_stays_small_and_the_total_exact() -> None:
    signal = signal_of(*(NOW + timedelta(hours=7 * number) for number in range(500)))
    assert signal is not None
    assert (len(signal.recent), len(signal.days), signal.total) == (50, 92, 500)
    assert signal.first_at == NOW
    assert signal.last_at == signal.recent[-1] == NOW + timedelta(hours=7 * 499)


def test_one_far_future_date_does_not_wipe_out_what_is_known() -> None:
    signal = signal_of(ago("1d"), datetime(2099, 1, 1, tzinfo=UTC))
    assert count(signal, timedelta(days=7), NOW, SHANGHAI) == 1


def test_recording_keeps_the_revision_for_the_folding_to_set() -> None:
    signal = signal_of(ago("2h"))
    assert signal is not None
    assert record(signal.model_copy(update={"revision": 7}), NOW, SHANGHAI).revision == 7


@given(st.lists(MOMENTS, max_size=120), st.randoms(use_true_random=False))
def test_the_order_of_arrival_does_not_matter(moments: list[datetime], random: Random) -> None:
    shuffled = list(moments)
    random.shuffle(shuffled)
    assert signal_of(*moments) == signal_of(*shuffled) == signal_of(*sorted(moments, reverse=True))


@given(st.lists(MOMENTS, max_size=50), st.integers(1, 92), MOMENTS)
def test_days_are_counted_as_by_hand(moments: list[datetime], days: int, now: datetime) -> None:
    today = now.astimezone(SHANGHAI).date()
    by_hand = sum(0 <= (today - one.astimezone(SHANGHAI).date()).days < days for one in moments)
    assert count(signal_of(*moments), timedelta(days=days), now, SHANGHAI) == by_hand


@given(st.lists(MOMENTS, max_size=50), st.integers(1, 3000).filter(lambda minutes: minutes % 1440), MOMENTS)
def test_minutes_are_counted_as_by_hand(moments: list[datetime], minutes: int, now: datetime) -> None:
    by_hand = sum(timedelta() <= now - one <= timedelta(minutes=minutes) for one in moments)
    assert count(signal_of(*moments), timedelta(minutes=minutes), now, SHANGHAI) == by_hand
