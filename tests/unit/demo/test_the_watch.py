from typing import Any

from infra.local.demo.watch import PATIENCE, Watch

SPEED = 4320.0


def enrolment(**changes: Any) -> dict[str, Any]:
    row = {
        "customer_id": "c-1",
        "run": "consultation",
        "version": 1,
        "state": "active",
        "since": "2026-11-22T12:00:00Z",
        "due_at": "2026-11-23T12:00:00Z",
    }
    return row | changes


def push(state: str) -> dict[str, Any]:
    return {"batch": "main/staff01/c@1/x/y", "member": "m", "state": state}


def test_a_day_of_the_journey_is_waited_for_as_long_as_the_demo_says() -> None:
    watch = Watch(SPEED)
    watch.look([enrolment()], [], now=100.0)
    assert (watch.waiting(119.9), watch.waiting(120.0)) == (0, 1)


def test_a_wait_counts_from_when_its_version_was_first_seen() -> None:
    watch = Watch(SPEED)
    watch.look([enrolment()], [], now=100.0)
    watch.look([enrolment()], [], now=119.0)
    assert watch.waiting(120.0) == 1


def test_the_next_version_is_a_wait_of_its_own() -> None:
    watch = Watch(SPEED)
    watch.look([enrolment()], [], now=100.0)
    watch.look([enrolment(version=2)], [], now=121.0)
    assert (watch.waiting(130.0), watch.waiting(141.0)) == (0, 1)


def test_what_is_late_but_within_patience_is_not_overdue() -> None:
    watch = Watch(SPEED)
    watch.look([enrolment()], [], now=100.0)
    assert (watch.overdue(120.0 + PATIENCE - 1), watch.overdue(120.0 + PATIENCE)) == (0, 1)


def test_a_run_that_is_over_or_held_waits_for_nothing() -> None:
    watch = Watch(SPEED)
    rows = [enrolment(state="exited"), enrolment(run="b", state="paused"), enrolment(run="c", due_at=None)]
    watch.look(rows, [], now=0.0)
    assert watch.waiting(1e9) == 0


def test_a_planned_push_waits_from_the_moment_it_is_seen_until_it_is_sent() -> None:
    watch = Watch(SPEED)
    watch.look([], [push("planned")], now=10.0)
    assert watch.waiting(10.0) == 1
    watch.look([], [push("submitted")], now=13.0)
    assert watch.waiting(1e9) == 0


def test_an_instant_before_its_since_is_due_at_once() -> None:
    watch = Watch(SPEED)
    watch.look([enrolment(due_at="2026-11-22T11:00:00Z")], [], now=5.0)
    assert watch.waiting(5.0) == 1
