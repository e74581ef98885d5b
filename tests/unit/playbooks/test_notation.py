"""What the notation reads as a number, a text or a truth; and what may be written short."""

from datetime import date, time, timedelta
from typing import Any

import pytest

from chalicelib.domain.playbook.conditions import Condition
from chalicelib.domain.playbook.content import Content
from chalicelib.domain.playbook.journeys import Entry, Step
from chalicelib.domain.playbook.rules import Absence, Happening, Rule
from chalicelib.domain.playbook.strict import parse_duration, write_duration
from chalicelib.domain.playbook.timing import Window
from infra.strict_yaml import compose, plain


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("20:30", "20:30"),
        ("02-14", "02-14"),
        ("2027-02-06", "2027-02-06"),
        ("30d", "30d"),
        ("yes", "yes"),
        ("on", "on"),
        ("no", "no"),
        ("true", True),
        ("False", False),
        ("null", None),
        ("~", None),
        ("", None),
        ("'null'", "null"),
        ("12", 12),
        ("-3", -3),
        ("007", "007"),
        ("0x1F", "0x1F"),
        ("1_000", "1_000"),
        ("1e3", "1e3"),
        ("3.5", 3.5),
        ("'3.5'", "3.5"),
        (".5", ".5"),
        (".inf", ".inf"),
        ("9" * 5000, "9" * 5000),
        ("13800138000", 13800138000),
        ("=", "="),
    ],
)
def test_only_what_looks_like_a_number_or_a_truth_is_one(written: str, expected: object) -> None:
    value = plain(compose(f"on: {written}"))["on"]
    assert (value, type(value)) == (expected, type(expected))


@pytest.mark.parametrize(
    ("model", "short", "long"),
    [
        (Window, "19:00-21:30", {"from": "19:00", "to": "21:30"}),
        (Window, {"from": "07:00", "to": "08:00", "days": "sat"}, {"from": "07:00", "to": "08:00", "days": ["sat"]}),
        (Content, "你好", {"text": "你好"}),
        (
            Content,
            {"attachments": {"type": "link", "title": "t", "url": "https://e.com"}},
            {"attachments": [{"type": "link", "title": "t", "url": "https://e.com"}]},
        ),
        (Condition, {"behaviour": "page"}, {"behaviour": {"name": "page"}}),
        (Condition, {"attribute": "birthday"}, {"attribute": {"name": "birthday", "exists": True}}),
        (
            Rule,
            {"id": "r", "when": {"behaviour": "page"}, "add": "a", "remove": "b"},
            {"id": "r", "when": {"behaviour": "page"}, "add": [{"tag": "a"}], "remove": ["b"]},
        ),
        (
            Rule,
            {"id": "r", "when": {"behaviour": "page"}, "add": ["a", {"tag": "b", "for": "3d"}]},
            {"id": "r", "when": {"behaviour": "page"}, "add": [{"tag": "a"}, {"tag": "b", "for": "3d"}]},
        ),
        (
            Happening,
            {"behaviour": "page", "where": {"path": "/x", "n": 5}},
            {"behaviour": "page", "where": {"path": {"equals": "/x"}, "n": {"equals": 5}}},
        ),
        (
            Step,
            {"id": "s", "content": "c", "after": "2h", "windows": "09:00-18:00"},
            {"id": "s", "content": "c", "after": "2h", "windows": [{"from": "09:00", "to": "18:00"}]},
        ),
    ],
)
def test_what_is_written_short_means_the_same(model: Any, short: object, long: object) -> None:
    assert model.model_validate(short) == model.model_validate(long)


@pytest.mark.parametrize("again", ["never", "always", "30d"])
def test_again_is_stored_as_it_was_written(again: str) -> None:
    entry = Entry.model_validate({"when": {"friend": True}, "again": again})
    assert entry.model_dump(mode="json")["again"] == again
    assert Entry.model_validate_json(entry.model_dump_json()) == entry


def test_a_rule_is_about_an_absence_when_it_says_so() -> None:
    absence = {"absent": "a", "after": "b", "for": "2h"}
    assert Rule.model_validate({"id": "r", "when": absence, "add": "t"}).when == Absence.model_validate(absence)


@pytest.mark.parametrize("text", ["90s", "90m", "36h", "7d", "2w", "-3d", "0s"])
def test_a_duration_survives_being_written(text: str) -> None:
    assert parse_duration(write_duration(parse_duration(text))) == parse_duration(text)


@pytest.mark.parametrize("text", ["", "d", "5", "5 d", "--5d", "1.5h", "²d", "5D", "4000d", "-4000d", None, 5, True])
def test_a_duration_without_a_plain_number_and_unit_is_refused(text: object) -> None:
    with pytest.raises(ValueError, match="write a"):
        parse_duration(text)


def test_times_and_dates_that_are_already_values_pass() -> None:
    window = Window(start=time(9), end=time(17), days=("mon",))
    assert window.start == time(9)
    assert Condition.model_validate({"attribute": {"name": "d", "before": date(2027, 1, 1)}}).attribute is not None
    assert parse_duration(timedelta(hours=1)) == timedelta(hours=1)
