from collections import Counter

import pytest
from rich.console import Console

from infra.local.demo.board import line_of, lines, table_of
from infra.local.demo.meter import EVERY, Meter
from infra.local.demo.prices import book, cost_of
from infra.local.demo.reading import Reading, place_of, states_of
from infra.local.invocations import Report

READING = Reading(
    12.4,
    stages=Counter(new=3, keen=1),
    pushes=Counter(delivered=2, skipped=1),
    welcomes=Counter(delivered=4),
    reasons=Counter(cap_day=1),
    overdue=0,
    tasks_waiting=1,
    tasks_confirmed=2,
)


def meter() -> Meter:
    return Meter(lambda: [Report("Tag", 1000, 1024, None), Report("APIHandler", 0, 512, 300)])


def test_a_line_holds_everything_that_the_table_shows() -> None:
    counted = meter()
    counted.look(0.0)
    assert line_of(READING, counted) == (
        "    12 s · stages keen 1, new 3 · welcomes delivered 4 · pushes delivered 2, skipped 1 · due and unaccounted 0"
        " · tasks 1 waiting 2 confirmed · 2 invocations $0.0000"
    )


def test_the_table_shows_stages_pushes_reasons_tasks_and_cost() -> None:
    console = Console(width=100, record=True, file=open("/dev/null", "w"))  # noqa: SIM115, PTH123 - nobody reads it
    with console.file:
        console.print(table_of(READING, meter()))
        shown = console.export_text()
    for words in ("new 3", "delivered 2", "cap_day 1", "1 waiting, 2 confirmed", "Due and unaccounted", "Cost so far"):
        assert words in shown


def test_without_a_terminal_a_line_comes_every_ten_seconds(capsys: pytest.CaptureFixture[str]) -> None:
    show = lines()
    for seconds in (3.0, 6.0, 13.0, 16.0, 24.0):
        show(Reading(seconds), meter())
    assert [line.split(" s ")[0].strip() for line in capsys.readouterr().out.splitlines()] == ["3", "13", "24"]


def test_logs_are_read_only_now_and_then() -> None:
    read: list[int] = []

    def reports() -> list[Report]:
        read.append(1)
        return [Report("Tag", 100, 512, None)] * len(read)

    counted = Meter(reports)
    for now in (0.0, 1.0, EVERY - 0.1, EVERY):
        counted.look(now)
    assert (len(read), counted.invocations) == (2, 2)
    counted.look(EVERY + 0.1, again=True)
    assert counted.invocations == 3


def price_of(name: str) -> float:
    """Return a price as the book has it; what the demonstration counts has to have one."""
    amount = book().prices[name].amount
    assert amount is not None
    return float(amount)


def test_cost_is_requests_and_billed_time_by_memory() -> None:
    one_gb_for_a_second = Report("Tag", 1000, 1024, None)
    assert cost_of([one_gb_for_a_second]) == pytest.approx(price_of("lambda_arm64") + price_of("lambda_requests") / 1e6)


def test_an_invocation_of_the_api_is_a_request_to_the_gateway_too() -> None:
    extra = cost_of([Report("APIHandler", 10, 512, None)]) - cost_of([Report("Tag", 10, 512, None)])
    assert extra == pytest.approx(price_of("api_requests") / 1e6)


def test_a_run_stands_in_its_stage_until_it_ends() -> None:
    states = ("active", "paused", "exited", "finished")
    places = [place_of({"journey": "care", "stage": "new", "state": state}) for state in states]
    assert places == ["care/new", "care/new", "care/exited", "care/finished"]


def test_welcomes_and_group_sends_are_counted_apart() -> None:
    pushes = [{"channel": "welcome", "state": "delivered"}, {"channel": "group_send", "state": "planned"}]
    assert states_of(pushes, "welcome") == Counter(delivered=1)
