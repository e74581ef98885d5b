"""Many independent writes at once."""

import pytest

from chalicelib.services.side_by_side import AT_A_TIME, side_by_side


def test_everything_is_done_once_however_much_it_is() -> None:
    done: list[int] = []
    side_by_side(done.append, range(2 * AT_A_TIME + 1))
    assert sorted(done) == list(range(2 * AT_A_TIME + 1))


def test_what_fails_keeps_nothing_else_from_being_done_and_is_told_in_the_end() -> None:
    done: list[int] = []

    def act(number: int) -> None:
        if number % AT_A_TIME == 7:
            raise ValueError(number)
        done.append(number)

    with pytest.raises(ValueError, match=r"^7$"):
        side_by_side(act, range(2 * AT_A_TIME))
    assert len(done) == 2 * AT_A_TIME - 2
