from decimal import Decimal
from typing import Any

import pytest

from chalicelib.domain.playbook.conditions import ValueTest
from chalicelib.domain.values import passes


@pytest.mark.parametrize(
    ("test", "passing", "failing"),
    [
        ({"equals": 5}, [5, 5.0, Decimal(5)], ["5", True, None, 6, [5], {}, float("nan")]),
        ({"equals": 1}, [1, 1.0], [True, "1"]),
        ({"equals": 0}, [0, 0.0], [False, None, ""]),
        ({"equals": True}, [True], [1, "true", False, None]),
        ({"equals": False}, [False], [0, "", None]),
        ({"equals": "北京"}, ["北京"], ["北京 ", "beijing", None, ["北京"]]),
        ("北京", ["北京"], ["上海"]),
        (5, [5], [6]),
        ({"not_equals": "北京"}, ["上海", 5, True], ["北京", None, [], {}]),
        ({"not_equals": 1}, [2, True, "1"], [1, 1.0, None]),
        (
            {"contains": "/plan"},
            ["https://example.com/plan/2", ["/plan"]],
            ["/plans"[:4], None, 5, {"/plan": 1}, ["/plan/2"]],
        ),
        ({"in": ["A", 2]}, ["A", 2, 2.0], ["B", "2", None, True]),
        ({"in": "A"}, ["A"], ["B"]),
        ({"exists": True}, ["", 0, False, [], {}], [None]),
        ({"exists": False}, [None], ["", 0, False]),
        ({"at_least": 90}, [90, 90.0, 91, Decimal("90.5")], [89.9, "90", None, True, [90], float("nan")]),
        ({"at_least": 0}, [0, 1], [False, True, -1]),
        ({"at_most": 90}, [90, 0, -5], [90.1, "1", None, False]),
        ({"at_least": 10, "at_most": 20}, [10, 15, 20], [9, 21]),
        (
            {"before": "2027-01-01"},
            ["2026-12-31", "2026-12-31T23:59:59Z"],
            ["2027-01-01", "2027-13-01", "soon", 20261231, None],
        ),
        (
            {"after": "2027-01-01"},
            ["2027-01-02", "2027-01-02 00:00"],
            ["2027-01-01T23:59:59Z", "2027-1-2", "", None, True],
        ),
        ({"after": "2027-01-01", "before": "2027-02-01"}, ["2027-01-15"], ["2027-02-01", "2026-12-31"]),
        ({"exists": True, "equals": "x"}, ["x"], [None, "y"]),
    ],
)
def test_a_value_passes_when_it_is_of_the_kind_and_size_that_is_asked(
    test: Any, passing: list[Any], failing: list[Any]
) -> None:
    read = ValueTest.model_validate(test)
    assert [value for value in passing if not passes(read, value)] == []
    assert [value for value in failing if passes(read, value)] == []
