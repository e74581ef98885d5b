from collections import Counter

import pytest

from infra.local.demo.reading import Reading
from infra.local.demo.verdict import complaints

GOOD = Reading(120.0, pushes=Counter(delivered=3, skipped=1), welcomes=Counter(delivered=2))


def test_a_play_in_which_all_is_sent_or_reasoned_is_good() -> None:
    assert complaints(GOOD, still_waiting=0, kept={}, refused=0, follows=2) == []


@pytest.mark.parametrize(
    ("reading", "still_waiting", "kept", "refused", "follows", "expected"),
    [
        (GOOD, 3, {}, 0, 2, "3 steps were due and are neither sent nor reasoned"),
        (GOOD, 0, {"move-failures": 2}, 0, 2, "failure queues hold move-failures: 2"),
        (GOOD, 0, {}, 1, 2, "1 calls were refused"),
        (GOOD, 0, {}, 0, 5, "3 of 5 customers were not greeted"),
        (Reading(1.0, welcomes=Counter(delivered=2)), 0, {}, 0, 2, "no step was sent at all"),
    ],
)
def test_each_thing_that_went_wrong_is_one_line(
    reading: Reading, still_waiting: int, kept: dict[str, int], refused: int, follows: int, expected: str
) -> None:
    assert complaints(reading, still_waiting, kept, refused, follows) == [expected]
