from datetime import date

import pytest

from chalicelib.domain.anniversary import read_anniversary


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("1990-02-14", (1990, 2, 14)),
        ("19900214", (1990, 2, 14)),
        (19900214, (1990, 2, 14)),
        (" 1990-02-14 ", (1990, 2, 14)),
        ("1990-02-14T16:00:00.000Z", (1990, 2, 14)),
        ("1990-02-14 16:00", (1990, 2, 14)),
        ("02-14", (None, 2, 14)),
        ("02-29", (None, 2, 29)),
        ("2000-02-29", (2000, 2, 29)),
        ("2027-02-29", None),
        ("1900-02-29", None),
        ("02-30", None),
        ("00-10", None),
        ("13-01", None),
        ("2-14", None),
        ("0214", None),
        ("1990-0214", None),
        ("199002-14", None),
        ("1990/02/14", None),
        ("0001-01-01", None),
        ("9999-12-31", None),
        ("１９９０-02-14", None),
        ("", None),
        ("unknown", None),
        (True, None),
        (1990.0214, None),
        (None, None),
        (["1990-02-14"], None),
    ],
)
def test_a_day_is_read_as_people_write_it_and_never_guessed(written: object, expected: object) -> None:
    assert read_anniversary(written) == expected


@pytest.mark.parametrize(
    ("year", "expected"),
    [(2024, date(2024, 2, 29)), (2027, date(2027, 2, 28)), (2000, date(2000, 2, 29)), (2100, date(2100, 2, 28))],
)
def test_the_29th_of_february_is_the_28th_in_other_years(year: int, expected: date) -> None:
    leap_day = read_anniversary("02-29")
    assert leap_day is not None
    assert leap_day.in_year(year) == expected
