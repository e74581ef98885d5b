from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.playbook.timing import WEEKDAYS, Timing
from chalicelib.domain.timing import due_at, local_moment

NEW_YORK, BERLIN, LORD_HOWE = "America/New_York", "Europe/Berlin", "Australia/Lord_Howe"
SHANGHAI, KATHMANDU = "Asia/Shanghai", "Asia/Kathmandu"
ZONES = st.sampled_from([NEW_YORK, BERLIN, LORD_HOWE, SHANGHAI, KATHMANDU, "America/St_Johns", "America/Havana", "UTC"])
MOMENTS = st.datetimes(datetime(2020, 1, 1), datetime(2035, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
CLOCKS = st.times().map(lambda at: at.replace(second=0, microsecond=0))


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def due(step: Mapping[str, Any], entered: str, zone: str = SHANGHAI, **profile: Any) -> datetime | None:
    return due_at(Timing.model_validate(step), utc(entered), ZoneInfo(zone), profile)


@pytest.mark.parametrize(
    ("step", "zone", "entered", "expected"),
    [
        # after: elapsed time, whatever the clocks do.
        ({"after": "0s"}, SHANGHAI, "2027-01-01T10:00", "2027-01-01T10:00"),
        ({"after": "36h"}, NEW_YORK, "2027-03-13T12:00", "2027-03-15T00:00"),
        ({"after": "1d"}, NEW_YORK, "2027-11-06T12:00", "2027-11-07T12:00"),
        ({"after": "3650d"}, BERLIN, "2027-01-01T00:00:07", "2036-12-29T00:00:07"),
        # day: the customer's calendar; entry day is day 1.
        ({"day": 1, "at": "20:30"}, SHANGHAI, "2027-01-01T02:00", "2027-01-01T12:30"),
        ({"day": 1, "at": "08:00"}, SHANGHAI, "2027-01-01T02:00", "2027-01-01T00:00"),
        ({"day": 2, "at": "20:30"}, SHANGHAI, "2027-01-01T15:59", "2027-01-02T12:30"),
        ({"day": 2, "at": "20:30"}, SHANGHAI, "2027-01-01T16:00", "2027-01-03T12:30"),
        ({"day": 2, "at": "20:30"}, NEW_YORK, "2027-01-01T04:59", "2027-01-02T01:30"),
        ({"day": 2, "at": "09:00"}, NEW_YORK, "2027-03-13T14:00", "2027-03-14T13:00"),
        ({"day": 2, "at": "09:00"}, NEW_YORK, "2027-11-06T13:00", "2027-11-07T14:00"),
        ({"day": 2, "at": "02:30"}, NEW_YORK, "2027-03-13T14:00", "2027-03-14T07:00"),
        ({"day": 2, "at": "02:15"}, LORD_HOWE, "2027-10-02T00:00", "2027-10-02T15:30"),
        ({"day": 2, "at": "00:00"}, SHANGHAI, "2027-01-31T02:00", "2027-01-31T16:00"),
        ({"day": 29, "at": "07:00"}, SHANGHAI, "2027-02-01T02:00", "2027-02-28T23:00"),
        ({"day": 29, "at": "07:00"}, SHANGHAI, "2028-02-01T02:00", "2028-02-28T23:00"),
        ({"day": 366, "at": "07:00"}, SHANGHAI, "2027-12-31T02:00", "2028-12-29T23:00"),
        # next: strictly after the entry.
        ({"next": "sat", "at": "07:00"}, SHANGHAI, "2027-01-01T02:00", "2027-01-01T23:00"),
        ({"next": "sat", "at": "07:00"}, SHANGHAI, "2027-01-01T22:59:59", "2027-01-01T23:00"),
        ({"next": "sat", "at": "07:00"}, SHANGHAI, "2027-01-01T23:00", "2027-01-08T23:00"),
        ({"next": "sat", "at": "07:00"}, SHANGHAI, "2027-01-02T00:00", "2027-01-08T23:00"),
        ({"next": "sun", "at": "02:30"}, NEW_YORK, "2027-03-13T12:00", "2027-03-14T07:00"),
        ({"next": "sun", "at": "02:30"}, NEW_YORK, "2027-03-14T07:00", "2027-03-21T06:30"),
        ({"next": "sun", "at": "01:30"}, NEW_YORK, "2027-11-07T05:29", "2027-11-07T05:30"),
        ({"next": "sun", "at": "01:30"}, NEW_YORK, "2027-11-07T06:15", "2027-11-14T06:30"),
        ({"next": "sun", "at": "02:15"}, LORD_HOWE, "2027-10-02T10:00", "2027-10-02T15:30"),
        # on a date of every year, and on one that the playbook spells out.
        ({"on": "01-01", "at": "09:00"}, SHANGHAI, "2026-11-22T00:00", "2027-01-01T01:00"),
        ({"on": "01-01", "at": "09:00"}, SHANGHAI, "2027-01-01T01:00", "2027-01-01T01:00"),
        ({"on": "01-01", "at": "09:00"}, SHANGHAI, "2027-01-01T01:01", "2028-01-01T01:00"),
        ({"on": "01-01", "offset": "-3d", "at": "09:00"}, SHANGHAI, "2026-12-29T01:00", "2026-12-29T01:00"),
        ({"on": "01-01", "offset": "-3d", "at": "09:00"}, SHANGHAI, "2026-12-29T01:01", "2027-12-29T01:00"),
        ({"on": "12-31", "offset": "7d", "at": "09:00"}, SHANGHAI, "2027-01-05T00:00", "2027-01-07T01:00"),
        ({"on": "01-01", "offset": "-400d", "at": "09:00"}, SHANGHAI, "2027-01-01T00:00", "2027-11-28T01:00"),
        ({"on": "02-29", "at": "09:00"}, SHANGHAI, "2027-01-01T00:00", "2027-02-28T01:00"),
        ({"on": "02-29", "at": "09:00"}, SHANGHAI, "2027-03-01T00:00", "2028-02-29T01:00"),
        ({"on": "2027-02-06", "at": "09:00"}, SHANGHAI, "2026-11-22T00:00", "2027-02-06T01:00"),
        ({"on": "2027-02-06", "offset": "-1d", "at": "17:30"}, SHANGHAI, "2026-11-22T00:00", "2027-02-05T09:30"),
        ({"on": "2027-02-06", "at": "09:00"}, SHANGHAI, "2027-03-01T00:00", "2027-02-06T01:00"),
        ({"on": "2027-03-14", "at": "02:30"}, NEW_YORK, "2026-11-22T00:00", "2027-03-14T07:00"),
    ],
)
def test_a_step_is_due_when_the_playbook_says(step: dict[str, Any], zone: str, entered: str, expected: str) -> None:
    assert due(step, entered, zone) == utc(expected)


@pytest.mark.parametrize(
    ("birthday", "entered", "expected"),
    [
        ("1990-02-14", "2027-01-01T00:00", "2027-02-14T01:00"),
        ("19900214", "2027-02-14T01:00", "2027-02-14T01:00"),
        (19900214, "2027-02-14T01:01", "2028-02-14T01:00"),
        ("02-14", "2027-12-31T23:59", "2028-02-14T01:00"),
        ("1992-02-29", "2027-01-01T00:00", "2027-02-28T01:00"),
        ("1992-02-29", "2028-01-01T00:00", "2028-02-29T01:00"),
        ("2030-05-01", "2027-01-01T00:00", "2030-05-01T01:00"),
        ("1990-12-31", "2027-12-31T01:00", "2027-12-31T01:00"),
        ("1990-01-01", "2026-12-31T16:30", "2027-01-01T01:00"),
        (None, "2027-01-01T00:00", None),
        ("", "2027-01-01T00:00", None),
        ("spring", "2027-01-01T00:00", None),
        ("1990-02-30", "2027-01-01T00:00", None),
        (True, "2027-01-01T00:00", None),
        (2.14, "2027-01-01T00:00", None),
    ],
)
def test_a_birthday_comes_every_year_and_an_unreadable_one_never(
    birthday: Any, entered: str, expected: str | None
) -> None:
    profile = {} if birthday is None else {"birthday": birthday}
    assert due({"on": "birthday", "at": "09:00"}, entered, **profile) == (utc(expected) if expected else None)


def test_a_step_before_the_birthday_belongs_to_the_next_one_once_its_day_is_over() -> None:
    step = {"on": "birthday", "offset": "-3d", "at": "09:00"}
    assert due(step, "2027-02-11T01:00", birthday="1990-02-14") == utc("2027-02-11T01:00")
    assert due(step, "2027-02-11T01:01", birthday="1990-02-14") == utc("2028-02-11T01:00")


def test_an_entry_instant_in_another_zone_changes_nothing() -> None:
    here = datetime(2027, 3, 13, 12, tzinfo=ZoneInfo(NEW_YORK))
    step = Timing.model_validate({"after": "24h"})
    assert due_at(step, here, ZoneInfo(NEW_YORK), {}) == utc("2027-03-14T17:00")


@pytest.mark.parametrize(
    ("zone", "change"),
    [
        (NEW_YORK, "2027-03-14"),
        (NEW_YORK, "2027-11-07"),
        (BERLIN, "2027-03-28"),
        (BERLIN, "2027-10-31"),
        (LORD_HOWE, "2027-04-04"),
        (LORD_HOWE, "2027-10-03"),
    ],
)
def test_a_day_survives_a_change_of_clocks(zone: str, change: str) -> None:
    """Entered at the noon before: day 2 at noon is the next noon, though 23, 24.5 or 25 hours away."""
    noon = datetime.combine(date.fromisoformat(change), time(12), ZoneInfo(zone))
    entered = (noon - timedelta(days=1)).astimezone(UTC)
    moment = due_at(Timing.model_validate({"day": 2, "at": "12:00"}), entered, ZoneInfo(zone), {})
    assert moment == noon.astimezone(UTC)
    assert moment - entered != timedelta(days=1)


@given(MOMENTS, ZONES, CLOCKS, st.sampled_from(WEEKDAYS))
def test_the_next_weekday_is_strictly_later_and_at_most_about_a_week_away(
    entered: datetime, zone: str, at: time, weekday: str
) -> None:
    moment = due_at(Timing.model_validate({"next": weekday, "at": at}), entered, ZoneInfo(zone), {})
    assert moment is not None
    assert entered < moment <= entered + timedelta(days=7, hours=1)
    assert WEEKDAYS[moment.astimezone(ZoneInfo(zone)).weekday()] == weekday


@given(MOMENTS, ZONES, st.integers(0, 300 * 86400))
def test_elapsed_time_is_exact(entered: datetime, zone: str, seconds: int) -> None:
    moment = due_at(Timing.model_validate({"after": f"{seconds}s"}), entered, ZoneInfo(zone), {})
    assert moment == entered + timedelta(seconds=seconds)


@given(MOMENTS, ZONES, CLOCKS, st.dates(date(1930, 1, 1), date(2026, 12, 31)), st.integers(-400, 400))
def test_a_yearly_date_is_never_before_the_entry_nor_more_than_a_year_after(
    entered: datetime, zone: str, at: time, birthday: date, offset: int
) -> None:
    step = Timing.model_validate({"on": "birthday", "offset": f"{offset}d", "at": at})
    moment = due_at(step, entered, ZoneInfo(zone), {"birthday": birthday.isoformat()})
    assert moment is not None
    first = local_moment(birthday + timedelta(days=offset), at, ZoneInfo(zone))
    assert entered <= moment <= max(entered + timedelta(days=367), first)


@given(MOMENTS, ZONES, CLOCKS, st.integers(1, 60))
def test_day_n_is_that_many_calendar_days_on(entered: datetime, zone: str, at: time, day: int) -> None:
    moment = due_at(Timing.model_validate({"day": day, "at": at}), entered, ZoneInfo(zone), {})
    assert moment is not None
    days = moment.astimezone(ZoneInfo(zone)).date() - entered.astimezone(ZoneInfo(zone)).date()
    assert days == timedelta(days=day - 1)
    assert day == 1 or moment > entered
