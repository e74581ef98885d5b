from datetime import UTC, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from chalicelib.domain.playbook.timing import WEEKDAYS, Window
from chalicelib.domain.windows import is_allowed, is_open, next_allowed

NEW_YORK, BERLIN, LORD_HOWE, SHANGHAI = "America/New_York", "Europe/Berlin", "Australia/Lord_Howe", "Asia/Shanghai"
ZONES = st.sampled_from([NEW_YORK, BERLIN, LORD_HOWE, SHANGHAI, "America/St_Johns", "America/Havana", "Pacific/Apia"])
MOMENTS = st.one_of(
    st.datetimes(datetime(2010, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001
    st.sampled_from(
        [
            datetime(2027, 3, 14, 6, 59, tzinfo=UTC),
            datetime(2027, 11, 7, 5, 30, tzinfo=UTC),
            datetime(2027, 10, 2, 15, 30, tzinfo=UTC),
            datetime(2011, 12, 30, 9, 59, tzinfo=UTC),
        ]
    ),
)
CLOCKS = st.integers(0, 95).map(lambda quarter: time(quarter // 4, quarter % 4 * 15))
WINDOWS = (
    st.builds(
        lambda start, end, days: (start, end, tuple(sorted(days, key=WEEKDAYS.index))),
        CLOCKS,
        CLOCKS,
        st.sets(st.sampled_from(WEEKDAYS), min_size=1),
    )
    .filter(lambda parts: parts[0] != parts[1])
    .map(lambda parts: Window(start=parts[0], end=parts[1], days=parts[2]))
)


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def window(written: Any) -> Window:
    return Window.model_validate(written)


WORK = "09:00-17:00"
NIGHT = "22:30-07:00"
FRIDAY_NIGHT = {"from": "22:00", "to": "02:00", "days": ["fri"]}


@pytest.mark.parametrize(
    ("hours", "zone", "moment", "expected"),
    [
        (WORK, SHANGHAI, "2027-01-01T00:59:59", False),
        (WORK, SHANGHAI, "2027-01-01T01:00", True),
        (WORK, SHANGHAI, "2027-01-01T08:59:59", True),
        (WORK, SHANGHAI, "2027-01-01T09:00", False),
        (NIGHT, SHANGHAI, "2027-01-01T14:29:59", False),
        (NIGHT, SHANGHAI, "2027-01-01T14:30", True),
        (NIGHT, SHANGHAI, "2027-01-01T16:00", True),
        (NIGHT, SHANGHAI, "2027-01-01T22:59:59", True),
        (NIGHT, SHANGHAI, "2027-01-01T23:00", False),
        ("18:00-00:00", SHANGHAI, "2027-01-01T15:59", True),
        ("18:00-00:00", SHANGHAI, "2027-01-01T16:00", False),
        # the weekday is that of the opening day: 2027-01-01 is a Friday.
        (FRIDAY_NIGHT, SHANGHAI, "2027-01-01T14:00", True),
        (FRIDAY_NIGHT, SHANGHAI, "2027-01-01T17:59", True),
        (FRIDAY_NIGHT, SHANGHAI, "2027-01-01T18:00", False),
        (FRIDAY_NIGHT, SHANGHAI, "2026-12-31T17:00", False),
        (FRIDAY_NIGHT, SHANGHAI, "2027-01-02T14:00", False),
        ({"from": "22:00", "to": "02:00", "days": "sun"}, SHANGHAI, "2027-01-03T17:59", True),
        # clocks go forward: a start in the gap opens, an end in the gap closes, when the gap is over.
        ("02:30-04:00", NEW_YORK, "2027-03-14T06:59", False),
        ("02:30-04:00", NEW_YORK, "2027-03-14T07:00", True),
        ("02:30-04:00", NEW_YORK, "2027-03-14T08:00", False),
        ("01:00-02:30", NEW_YORK, "2027-03-14T06:59", True),
        ("01:00-02:30", NEW_YORK, "2027-03-14T07:00", False),
        ("02:15-02:45", NEW_YORK, "2027-03-14T07:00", False),
        # clocks go back: the first of the two opens and closes.
        ("01:30-03:00", NEW_YORK, "2027-11-07T05:29", False),
        ("01:30-03:00", NEW_YORK, "2027-11-07T05:30", True),
        ("01:30-03:00", NEW_YORK, "2027-11-07T06:15", True),
        ("01:30-03:00", NEW_YORK, "2027-11-07T07:59", True),
        ("00:00-01:30", NEW_YORK, "2027-11-07T05:29", True),
        ("00:00-01:30", NEW_YORK, "2027-11-07T05:30", False),
        ("00:00-01:30", NEW_YORK, "2027-11-07T06:15", False),
        (NIGHT, NEW_YORK, "2027-11-07T11:59", True),
        (NIGHT, NEW_YORK, "2027-11-07T12:00", False),
        (NIGHT, BERLIN, "2027-03-28T04:59", True),
        (NIGHT, BERLIN, "2027-03-28T05:00", False),
        ("02:15-03:00", LORD_HOWE, "2027-10-02T15:30", True),
        ("02:15-03:00", LORD_HOWE, "2027-10-02T15:29", False),
        ("01:45-02:00", LORD_HOWE, "2027-04-03T14:45", True),
        ("01:45-02:00", LORD_HOWE, "2027-04-03T15:29", True),
        ("01:45-02:00", LORD_HOWE, "2027-04-03T15:30", False),
    ],
)
def test_a_window_is_open_from_its_start_until_just_before_its_end(
    hours: Any, zone: str, moment: str, expected: bool
) -> None:
    assert is_open(window(hours), utc(moment), ZoneInfo(zone)) is expected


@pytest.mark.parametrize(
    ("windows", "quiet", "moment", "expected"),
    [
        ([], [], "2027-01-01T18:00", "2027-01-01T18:00"),
        ([], [NIGHT], "2027-01-01T14:29:59", "2027-01-01T14:29:59"),
        ([], [NIGHT], "2027-01-01T14:30", "2027-01-01T23:00"),
        ([], [NIGHT], "2027-01-01T23:00", "2027-01-01T23:00"),
        ([WORK], [], "2027-01-01T09:00", "2027-01-02T01:00"),
        ([WORK, "19:00-21:00"], [], "2027-01-01T09:00", "2027-01-01T11:00"),
        (["06:00-08:00"], [NIGHT], "2027-01-01T22:00", "2027-01-01T23:00"),
        (["06:00-06:30"], [NIGHT], "2027-01-01T22:00", None),
        (["06:00-06:30"], [{"from": "22:30", "to": "07:00", "days": ["mon"]}], "2027-01-04T15:00", "2027-01-05T22:00"),
        ([{"from": "07:00", "to": "08:00", "days": "sat"}], [NIGHT], "2027-01-02T00:00", "2027-01-08T23:00"),
        ([], ["08:00-20:00", "20:00-08:00"], "2027-01-01T00:00", None),
        ([], ["20:00-23:00", "23:00-09:00"], "2027-01-01T12:30", "2027-01-02T01:00"),
        ([FRIDAY_NIGHT], ["22:30-01:00"], "2027-01-01T14:45", "2027-01-01T17:00"),
    ],
)
def test_what_may_not_go_now_goes_at_the_first_moment_that_allows_it(
    windows: list[Any], quiet: list[Any], moment: str, expected: str | None
) -> None:
    found = next_allowed(
        [window(one) for one in windows], [window(one) for one in quiet], utc(moment), ZoneInfo(SHANGHAI)
    )
    assert found == (utc(expected) if expected else None)


def test_quiet_hours_end_when_a_gap_of_the_clocks_swallows_their_end() -> None:
    found = next_allowed([], [window("22:00-02:30")], utc("2027-03-14T06:00"), ZoneInfo(NEW_YORK))
    assert found == utc("2027-03-14T07:00")


@given(st.lists(WINDOWS, max_size=3), st.lists(WINDOWS, max_size=2), MOMENTS, ZONES)
def test_the_moment_found_is_allowed_and_nothing_before_it_is(
    windows: list[Window], quiet: list[Window], moment: datetime, zone: str
) -> None:
    place = ZoneInfo(zone)
    found = next_allowed(windows, quiet, moment, place)
    end = found or moment + timedelta(days=8)
    assert found is None or (found >= moment and is_allowed(windows, quiet, found, place))
    probes = (moment + (end - moment) * number / 97 for number in range(97))
    assert not any(is_allowed(windows, quiet, probe, place) for probe in probes if probe < end)


@given(st.lists(WINDOWS, max_size=3), st.lists(WINDOWS, max_size=2), MOMENTS, st.integers(0, 86400 * 3), ZONES)
def test_who_asks_later_is_never_allowed_earlier(
    windows: list[Window], quiet: list[Window], moment: datetime, later: int, zone: str
) -> None:
    first = next_allowed(windows, quiet, moment, ZoneInfo(zone))
    second = next_allowed(windows, quiet, moment + timedelta(seconds=later), ZoneInfo(zone))
    assume(first is not None and second is not None)
    assert first is not None
    assert second is not None
    assert first <= second


@given(WINDOWS, MOMENTS, ZONES)
def test_asking_again_at_the_answer_gives_the_same_answer(hours: Window, moment: datetime, zone: str) -> None:
    found = next_allowed([hours], [], moment, ZoneInfo(zone))
    assert found is None or next_allowed([hours], [], found, ZoneInfo(zone)) == found
