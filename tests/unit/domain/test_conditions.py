from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from chalicelib.domain.conditions import evidence, holds
from chalicelib.domain.playbook.conditions import Condition
from chalicelib.domain.signals import record
from tests.unit.domain.people import NOW, PLAYBOOK, customer, is_true, signal, tag, tie


@pytest.mark.parametrize(
    ("condition", "known", "expected"),
    [
        ({"tag": "keen"}, {"tags": {"keen": tag()}}, True),
        ({"tag": "keen"}, {"tags": {"keener": tag()}}, False),
        ({"tag": "ordered"}, {"tags": {"ordered#A17": tag()}}, True),
        ({"tag": "order"}, {"tags": {"ordered#A17": tag()}}, False),
        ({"tag": "keen"}, {"tags": {"keen": tag(until=NOW)}}, False),
        ({"tag": "keen"}, {"tags": {"keen": tag(until=NOW + timedelta(seconds=1))}}, True),
        ({"tag": "ordered"}, {"tags": {"ordered#1": tag(until=NOW), "ordered#2": tag()}}, True),
        ({"attribute": "birthday"}, {"profile": {"birthday": "1990-02-14"}}, True),
        ({"attribute": "birthday"}, {}, False),
        ({"attribute": {"name": "city", "equals": "北京"}}, {"profile": {"city": "北京"}}, True),
        ({"attribute": {"name": "age", "at_least": 30}}, {"profile": {"age": "31"}}, False),
        ({"behaviour": "page"}, {"signals": {"page": signal(2000)}}, True),
        ({"behaviour": "page"}, {}, False),
        ({"behaviour": {"name": "page", "within": "36h"}}, {"signals": {"page": signal(36)}}, True),
        ({"behaviour": {"name": "page", "within": "36h"}}, {"signals": {"page": signal(37)}}, False),
        ({"behaviour": {"name": "page", "within": "1d"}}, {"signals": {"page": signal(13)}}, False),
        ({"behaviour": {"name": "page", "at_least": 3}}, {"signals": {"page": signal(1, 2)}}, False),
        ({"behaviour": {"name": "page", "at_most": 2}}, {"signals": {"page": signal(1, 2, 3)}}, False),
        ({"behaviour": {"name": "page", "at_most": 2}}, {}, True),
        ({"behaviour": {"name": "page", "at_least": 1, "at_most": 2}}, {}, False),
        ({"behaviour": {"name": "page", "exactly": 0}}, {}, True),
        ({"behaviour": {"name": "page", "exactly": 2}}, {"signals": {"page": signal(1, 2)}}, True),
        ({"behaviour": {"name": "page", "exactly": 0, "within": "2h"}}, {"signals": {"page": signal(3)}}, True),
        ({"behaviour": {"name": "page", "last_before": "2h"}}, {"signals": {"page": signal(2)}}, True),
        ({"behaviour": {"name": "page", "last_before": "2h"}}, {"signals": {"page": signal(5, 1)}}, False),
        ({"behaviour": {"name": "page", "last_before": "2h"}}, {}, False),
        ({"behaviour": {"name": "page", "first_before": "2h"}}, {"signals": {"page": signal(5, 1)}}, True),
        ({"behaviour": {"name": "page", "first_before": "2h"}}, {"signals": {"page": signal(1)}}, False),
        ({"behaviour": {"name": "page", "at_most": 0, "last_before": "2h"}}, {}, False),
        ({"friend": True}, {"relations": tie("friend")}, True),
        ({"friend": True}, {"relations": tie("half")}, False),
        ({"friend": False}, {"relations": tie("removed_by_customer")}, True),
        ({"friend": False}, {}, True),
        ({"segment": "hot"}, {"tags": {"keen": tag()}}, True),
        ({"segment": "cold"}, {}, True),
        ({"segment": "nowhere"}, {}, False),
        ({"not": {"segment": "nowhere"}}, {}, True),
        ({"all": [{"tag": "a"}, {"tag": "b"}]}, {"tags": {"a": tag()}}, False),
        ({"any": [{"tag": "a"}, {"tag": "b"}]}, {"tags": {"a": tag()}}, True),
        ({"any": [{"tag": "a"}, {"tag": "b"}]}, {}, False),
        ({"not": {"any": [{"tag": "a"}, {"tag": "b"}]}}, {}, True),
    ],
)
def test_a_condition_is_true_of_whom_it_describes(
    condition: dict[str, Any], known: dict[str, Any], expected: bool
) -> None:
    assert is_true(condition, customer(**known)) is expected


def test_an_empty_any_matches_nobody_and_an_empty_all_everybody() -> None:
    """The language refuses both; the rules stay right if a stored playbook holds one."""
    empty_any, empty_all = Condition.model_construct(any=()), Condition.model_construct(all=())
    assert not holds(empty_any, customer(), PLAYBOOK, NOW)
    assert holds(empty_all, customer(), PLAYBOOK, NOW)


def test_days_are_those_of_the_customers_own_zone() -> None:
    asked = {"behaviour": {"name": "page", "within": "1d"}}
    visited = {"signals": {"page": record(None, NOW, ZoneInfo("America/New_York"))}}
    late_evening = NOW + timedelta(hours=13)
    assert is_true(asked, customer(**visited, zone="America/New_York"), late_evening)
    assert is_true(asked, customer(**visited, zone="Mars/Olympus"), NOW)


@pytest.mark.parametrize(
    ("condition", "known", "expected"),
    [
        ({"tag": "keen"}, {"tags": {"keen": tag(7)}}, 7),
        ({"tag": "keen"}, {}, 0),
        ({"tag": "ordered"}, {"tags": {"ordered#1": tag(3), "ordered#2": tag(9), "other": tag(20)}}, 9),
        ({"attribute": "city"}, {"profile": {"city": "北京"}, "profile_revision": 4}, 4),
        ({"behaviour": "page"}, {"signals": {"page": signal(1, revision=6)}}, 6),
        ({"friend": True}, {"relations": tie("friend", 5)}, 5),
        ({"segment": "hot"}, {"tags": {"keen": tag(7)}}, 7),
        ({"segment": "nowhere"}, {}, 0),
        ({"all": [{"tag": "a"}, {"tag": "b"}]}, {"tags": {"a": tag(2), "b": tag(8)}}, 8),
        ({"any": [{"tag": "a"}, {"attribute": "city"}]}, {"tags": {"a": tag(2)}, "profile_revision": 9}, 2),
        ({"any": [{"tag": "a"}, {"tag": "b"}]}, {"tags": {"a": tag(2), "b": tag(8)}}, 8),
        ({"all": [{"tag": "a"}, {"not": {"tag": "b"}}]}, {"tags": {"a": tag(2)}}, 2),
        ({"all": [{"tag": "a"}, {"not": {"tag": "b"}}]}, {"tags": {"a": tag(2)}, "lost": {"b": 6}}, 6),
        ({"any": [{"tag": "a"}, {"tag": "b"}]}, {"tags": {"a": tag(2)}, "lost": {"b": 6}}, 2),
        ({"any": [{"friend": True}, {"attribute": "x"}]}, {"relations": tie("friend", 3), "profile_revision": 9}, 3),
        (
            {"not": {"attribute": {"name": "city", "equals": "上海"}}},
            {"profile": {"city": "北京"}, "profile_revision": 4},
            4,
        ),
        ({"not": {"all": [{"tag": "a"}, {"attribute": "x"}]}}, {"tags": {"a": tag(8)}, "profile_revision": 4}, 4),
        ({"any": [{"tag": "a"}, {"attribute": "city"}]}, {"profile": {"city": "北京"}, "profile_revision": 9}, 9),
    ],
)
def test_the_evidence_of_a_condition_is_the_newest_revision_that_makes_it_true(
    condition: dict[str, Any], known: dict[str, Any], expected: int
) -> None:
    assert evidence(Condition.model_validate(condition), customer(**known), PLAYBOOK) == expected
