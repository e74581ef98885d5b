"""Wall-clock times as instants, where clocks skip them and where they show them twice; and whose clocks those are."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.timing import local_moment, zone_of

NEW_YORK, BERLIN, LORD_HOWE = "America/New_York", "Europe/Berlin", "Australia/Lord_Howe"
SHANGHAI, APIA, KATHMANDU = "Asia/Shanghai", "Pacific/Apia", "Asia/Kathmandu"
ZONES = st.sampled_from([NEW_YORK, BERLIN, LORD_HOWE, SHANGHAI, KATHMANDU, "America/St_Johns", "America/Havana", "UTC"])
CLOCKS = st.times().map(lambda at: at.replace(second=0, microsecond=0))


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("zone", "day", "at", "expected"),
    [
        (SHANGHAI, "2027-02-06", "09:00", "2027-02-06T01:00"),
        (KATHMANDU, "2027-02-06", "09:00", "2027-02-06T03:15"),
        (NEW_YORK, "2027-03-14", "01:59", "2027-03-14T06:59"),
        (NEW_YORK, "2027-03-14", "02:00", "2027-03-14T07:00"),
        (NEW_YORK, "2027-03-14", "02:30", "2027-03-14T07:00"),
        (NEW_YORK, "2027-03-14", "03:00", "2027-03-14T07:00"),
        (NEW_YORK, "2027-11-07", "00:59", "2027-11-07T04:59"),
        (NEW_YORK, "2027-11-07", "01:30", "2027-11-07T05:30"),
        (NEW_YORK, "2027-11-07", "02:00", "2027-11-07T07:00"),
        (BERLIN, "2027-03-28", "02:30", "2027-03-28T01:00"),
        (BERLIN, "2027-10-31", "02:30", "2027-10-31T00:30"),
        (LORD_HOWE, "2027-10-03", "01:59", "2027-10-02T15:29"),
        (LORD_HOWE, "2027-10-03", "02:15", "2027-10-02T15:30"),
        (LORD_HOWE, "2027-10-03", "02:30", "2027-10-02T15:30"),
        (LORD_HOWE, "2027-04-04", "01:45", "2027-04-03T14:45"),
        (LORD_HOWE, "2027-04-04", "02:00", "2027-04-03T15:30"),
        (APIA, "2011-12-30", "12:00", "2011-12-30T10:00"),
    ],
)
def test_a_skipped_time_moves_to_the_end_of_the_gap_and_a_repeated_one_is_the_first(
    zone: str, day: str, at: str, expected: str
) -> None:
    assert local_moment(date.fromisoformat(day), time.fromisoformat(at), ZoneInfo(zone)) == utc(expected)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        (BERLIN, BERLIN),
        (None, SHANGHAI),
        ("", SHANGHAI),
        ("Mars/Olympus", SHANGHAI),
        ("../../etc/passwd", SHANGHAI),
        ("/etc/localtime", SHANGHAI),
        ("Asia", SHANGHAI),
        ("a\0b", SHANGHAI),
        ("x" * 5000, SHANGHAI),
        ("北京", SHANGHAI),
    ],
)
def test_a_customer_without_a_valid_zone_lives_in_the_playbooks(name: str | None, expected: str) -> None:
    assert zone_of(name, SHANGHAI).key == expected


@given(CLOCKS, st.dates(date(2020, 1, 1), date(2035, 1, 1)), ZONES)
def test_a_local_moment_shows_its_time_or_the_end_of_the_gap_in_which_it_would_be(
    at: time, day: date, zone: str
) -> None:
    moment = local_moment(day, at, ZoneInfo(zone))
    shown = moment.astimezone(ZoneInfo(zone)).replace(tzinfo=None)
    wanted = datetime.combine(day, at)
    before = (moment - timedelta(microseconds=1)).astimezone(ZoneInfo(zone)).replace(tzinfo=None)
    assert shown == wanted or before < wanted < shown
    earlier = [moment - timedelta(minutes=minutes) for minutes in (30, 60)]
    assert all(one.astimezone(ZoneInfo(zone)).replace(tzinfo=None) != wanted for one in earlier)


