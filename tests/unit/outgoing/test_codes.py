"""What WeCom's codes decide."""

import pytest

from chalicelib.gateways.wecom.codes import CODES, DECISIONS, Decision, decision_of, is_listed


@pytest.mark.parametrize(
    ("code", "decision"),
    [
        (0, "success"),
        (-1, "retry"),
        (6000, "retry"),
        (40001, "suspend"),
        (40014, "refresh"),
        (42001, "refresh"),
        (41001, "bad_request"),
        (40007, "bad_request"),
        (40096, "business"),
        (41048, "business"),
        (41050, "business"),
        (41051, "success"),
        (41063, "delay"),
        (41079, "delay"),
        (41093, "success"),
        (41096, "retry"),
        (45009, "cool_down"),
        (45033, "retry"),
        (48002, "alarm"),
        (60020, "alarm"),
        (60111, "business"),
        (84061, "business"),
        (701008, "alarm"),
    ],
)
def test_a_code_decides_what_happens_next(code: int, decision: Decision) -> None:
    assert decision_of(code) == decision
    assert is_listed(code)


def test_no_code_decides_two_things() -> None:
    assert sum(len(codes) for codes in CODES.values()) == len(DECISIONS)


def test_a_code_that_nobody_listed_is_recorded_and_not_tried_again() -> None:
    assert decision_of(123456) == "business"
    assert not is_listed(123456)
