"""Problems between the parts of a playbook whose parts are right."""

from typing import Any

import pytest

from chalicelib.domain.playbook.checks import problems
from chalicelib.domain.playbook.playbook import Playbook

STEPS = ("journeys", 0, "stages", 0, "steps")


def found(steps: list[dict[str, Any]] | None = None, **parts: Any) -> list[tuple[str | int, ...]]:
    """Return the places of all problems of a small playbook with these parts."""
    stage = {"id": "s", "name": "s", "intent": "low", "weight": 1, "steps": steps or []}
    journey = {"id": "j", "name": "j", "enter": {"when": {"friend": True}}, "stages": [stage]}
    around = {"id": "p", "name": "p", "zone": "Asia/Shanghai", "contents": {"c": "内容"}, "journeys": [journey]}
    return [problem.path for problem in problems(Playbook.model_validate({**around, **parts}))]


def step(**said: Any) -> dict[str, Any]:
    return {"id": "one", "content": "c", **said}


@pytest.mark.parametrize(
    ("quiet", "written", "is_problem"),
    [
        ("22:30-07:00", {"after": "1h", "windows": "23:00-06:00"}, True),
        ("22:30-07:00", {"after": "1h", "windows": "22:30-07:00"}, True),
        ("22:30-07:00", {"after": "1h", "windows": "22:30-07:01"}, False),
        ("22:30-07:00", {"after": "1h", "windows": ["23:00-06:00", "08:00-09:00"]}, False),
        ({"from": "22:30", "to": "07:00", "days": ["sat"]}, {"after": "1h", "windows": "23:00-06:00"}, False),
        (
            {"from": "22:30", "to": "07:00", "days": ["sat"]},
            {"after": "1h", "windows": {"from": "23:00", "to": "06:00", "days": "sat"}},
            True,
        ),
        (["07:00-19:00", "19:00-07:00"], {"after": "1h"}, True),
        ("22:30-07:00", {"day": 2, "at": "07:00", "late": "skip"}, False),
        ("22:30-07:00", {"day": 2, "at": "06:59", "late": "skip"}, True),
        ("22:30-07:00", {"day": 2, "at": "06:59", "late": "wait"}, False),
        (
            [],
            {"next": "sat", "at": "10:00", "late": "skip", "windows": {"from": "09:00", "to": "18:00", "days": "sun"}},
            True,
        ),
        (
            [],
            {"next": "sun", "at": "10:00", "late": "skip", "windows": {"from": "09:00", "to": "18:00", "days": "sun"}},
            False,
        ),
        (
            [],
            {
                "on": "birthday",
                "at": "10:00",
                "late": "skip",
                "windows": {"from": "09:00", "to": "18:00", "days": "sun"},
            },
            False,
        ),
    ],
)
def test_a_step_that_could_never_be_sent_is_a_problem(quiet: Any, written: dict[str, Any], is_problem: bool) -> None:
    assert bool(found([step(**written)], quiet=quiet)) is is_problem


def test_segments_may_use_each_other_but_not_in_a_circle() -> None:
    chain = {"a": {"segment": "b"}, "b": {"not": {"segment": "c"}}, "c": {"tag": "x"}}
    assert found(segments=chain) == []
    circle = {**chain, "c": {"any": [{"tag": "x"}, {"all": [{"segment": "a"}]}]}, "d": {"segment": "a"}}
    assert found(segments=circle) == [("segments", name) for name in "abc"]


def test_unknown_segments_are_found_wherever_conditions_stand() -> None:
    missing = {"segment": "gone"}
    stage = {
        "id": "s",
        "name": "s",
        "intent": "low",
        "weight": 1,
        "when": {"not": missing},
        "steps": [step(after="1h", only_if={"all": [{"tag": "x"}, missing]}, unless={"any": [missing]})],
    }
    journey = {
        "id": "j",
        "name": "j",
        "enter": {"when": missing},
        "exit": {"reason": "r", "when": missing},
        "stages": [stage],
    }
    assert found(journeys=[journey], segments={"own": missing}) == [
        ("segments", "own", "segment"),
        ("journeys", 0, "enter", "when", "segment"),
        ("journeys", 0, "exit", 0, "when", "segment"),
        ("journeys", 0, "stages", 0, "when", "not", "segment"),
        (*STEPS, 0, "only_if", "all", 1, "segment"),
        (*STEPS, 0, "unless", "any", 0, "segment"),
    ]


def test_a_welcome_may_name_the_customer_and_a_step_may_not() -> None:
    contents = {"c": "内容", "w": "您好 ${customer_name}，来自 ${channel}"}
    assert found([step(after="1h")], contents=contents, welcome="w") == []
    assert found([{**step(after="1h"), "content": "w"}], contents=contents, welcome="w") == [("contents", "w", "text")]


def test_two_welcomes_for_everybody_are_one_too_many() -> None:
    assert found(welcome=["c", {"content": "c", "channel": "live"}]) == []
    assert found(welcome=["c", {"content": "c", "channel": ""}]) == [("welcome", 1, "channel")]


def test_two_journeys_of_one_id_are_a_problem() -> None:
    journey = {
        "id": "j",
        "name": "j",
        "enter": {"when": {"friend": True}},
        "stages": [{"id": "s", "name": "s", "intent": "low", "weight": 1}],
    }
    assert found(journeys=[journey, journey]) == [("journeys", 1, "id")]


def test_a_keyed_journey_needs_a_rule_that_gives_its_keys() -> None:
    journey = {
        "id": "j",
        "name": "j",
        "enter": {"when": {"tag": "订单"}, "keyed_by": "订单"},
        "stages": [{"id": "s", "name": "s", "intent": "low", "weight": 1}],
    }
    without_key = {"id": "r", "when": {"behaviour": "Order Completed"}, "add": "订单"}
    with_key = {**without_key, "add": {"tag": "订单", "key": "order_id", "for": "90d"}}
    assert found(journeys=[journey], rules=[without_key]) == [("journeys", 0, "enter", "keyed_by")]
    assert found(journeys=[journey], rules=[with_key]) == []
