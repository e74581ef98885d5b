"""With whom a step goes together: those who are due in the same quarter of an hour, but not at any price."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from chalicelib.domain.playbook.playbook import Playbook
from chalicelib.domain.steps import slot_for
from tests.unit.loop.world import DRAFT, PLAYBOOK

SHANGHAI = ZoneInfo("Asia/Shanghai")
ALL_DAY = Playbook.model_validate({**DRAFT, "quiet": []})


def at(clock: str) -> datetime:
    return datetime.fromisoformat(f"2026-11-23T{clock}:00").replace(tzinfo=SHANGHAI)


@pytest.mark.parametrize(("book", "windows", "due", "slot"), [
    (PLAYBOOK, (), "10:00", "10:00"),
    (PLAYBOOK, (), "10:03", "10:15"),
    (PLAYBOOK, (), "22:14", "22:15"),
    (PLAYBOOK, (), "22:16", "22:16"),
    (PLAYBOOK, (), "06:50", "07:00"),
    (PLAYBOOK, ("20:00-20:10",), "20:05", "20:05"),
    (PLAYBOOK, ("20:00-20:30",), "20:05", "20:15"),
    (ALL_DAY, (), "23:44", "23:45"),
    (ALL_DAY, (), "23:46", "23:46"),
])
def test_a_step_waits_for_others_only_while_it_may_still_be_sent_on_that_day(book, windows, due, slot):
    step = book.journeys[0].stages[0].steps[0].model_copy(update={"windows": ()})
    step = type(step).model_validate({**step.model_dump(by_alias=True, exclude_unset=True), "windows": windows})
    assert slot_for(step, book, SHANGHAI, at(due)) == at(slot)
