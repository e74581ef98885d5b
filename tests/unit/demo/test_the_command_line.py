import shlex

import pytest

from infra.dependencies import ROOT
from infra.local.demo.operator import Operator
from infra.local.demo.options import options_from


def test_a_day_of_twenty_seconds_is_a_speed_of_4320() -> None:
    assert options_from([]).speed == 4320


def test_the_play_lasts_until_the_last_customer_has_had_their_days() -> None:
    assert options_from(["--seconds", "30", "--days", "2", "--day", "10"]).length == 50


def test_ports_are_free_ones_unless_told() -> None:
    assert [options_from([]).port(number) for number in (0, 1)] == [0, 0]
    assert [options_from(["--port-base", "4660"]).port(number) for number in (0, 1)] == [4660, 4661]


@pytest.mark.parametrize(
    "arguments",
    [["--customers", "0"], ["--staff", "-1"], ["--day", "0"], ["--seconds", "soon"], ["--port-base", "80"], ["--loud"]],
)
def test_what_cannot_be_played_is_refused(arguments: list[str]) -> None:
    with pytest.raises(SystemExit) as refused:
        options_from(arguments)
    assert refused.value.code == 2


def test_the_line_to_paste_works_from_anywhere() -> None:
    line = Operator("http://127.0.0.1:4660", "chaoxi-local").pasteable("story", "wecom:wwdemo:wm 1")
    words = shlex.split(line.strip("()"))
    assert words[:3] == ["cd", str(ROOT), "&&"]
    assert words[-7:] == [
        "infra.cli", "--stack", "chaoxi-local", "--endpoint-url", "http://127.0.0.1:4660", "story", "wecom:wwdemo:wm 1"
    ]
