import hashlib
import json
from pathlib import Path
from typing import Any

import boto3
import pytest

from chalicelib.domain.push import GroupSend
from chalicelib.models import belongings, group_sends
from chalicelib.models.audits import sends_of
from chalicelib.models.behaviours import BehaviourRow
from chalicelib.models.catalog import CatalogRow
from chalicelib.models.customers import CustomerRow
from chalicelib.models.enrolments import EnrolmentRow
from chalicelib.models.identities import IdentityRow
from chalicelib.models.pushes import PushRow
from chalicelib.services import erase_person
from infra.failure import Failure
from tests.integration.cli.stage import XIAOLI, XIAOLI_ID, Stage

Captured = pytest.CaptureFixture[str]
TABLES = (BehaviourRow, IdentityRow, CustomerRow, EnrolmentRow, PushRow)


def lives(stage: Stage) -> None:
    """Let one customer leave rows in every table: a merge, a push, a skip, a run, timers."""
    stage.happens("page", subject="anonymous:a1")
    stage.happens("identify", subject="user:7", also=("anonymous:a1",), traits={"city": "杭州"})
    stage.happens("wecom.add_external_contact")
    stage.happens("alias", also=("user:7",))
    stage.step()
    stage.step()


def everything() -> str:
    """Return all rows of all tables as one text."""
    return json.dumps([belongings.in_the_open(row) for table in TABLES for row in table.scan()], default=str)


def test_an_export_holds_every_row_and_a_receipt_that_vouches_for_it(stage: Stage, tmp_path: Path) -> None:
    lives(stage)
    stage.happens("wecom.add_external_contact", subject="wecom:ww1:amei")

    assert stage.run("export", "user:7", "--out", str(tmp_path)) == 0

    folder = next(tmp_path.iterdir())
    receipt = json.loads((folder / "receipt.json").read_text())
    assert receipt["rows"] == {
        "enrolments": 1, "pushes": 2, "allowances": 1, "behaviours": 4, "identities": 3, "customers": 2,
    }
    for name, digest in receipt["sha256"].items():
        assert hashlib.sha256((folder / name).read_bytes()).hexdigest() == digest
    written = "".join(path.read_text() for path in folder.iterdir())
    assert "amei" not in written
    assert "anonymous:a1" in written


def test_an_exports_summary_can_be_read_by_anybody(stage: Stage, tmp_path: Path) -> None:
    lives(stage)
    stage.happens("identify", traits={"motto": "<b>`[x](http://evil)`</b>"})

    stage.run("export", XIAOLI, "--out", str(tmp_path))

    summary = (next(tmp_path.iterdir()) / "SUMMARY.md").read_text()
    assert "- `city`: `杭州`" in summary
    assert "- `motto`: `<b>'[x](http://evil)'</b>`" in summary
    assert "`tea@1/offer` skipped cap_day" in summary


def test_without_confirmation_nothing_is_erased(stage: Stage, capsys: Captured) -> None:
    lives(stage)
    before = everything()

    assert stage.run("erase", XIAOLI) == 1

    assert "nothing is deleted yet: add --confirm" in capsys.readouterr().out
    assert everything() == before


def test_an_erasure_leaves_nothing_of_the_person_and_nothing_out_of_others(stage: Stage, capsys: Captured) -> None:
    stage.happens("wecom.add_external_contact", subject="wecom:ww1:amei")
    others, schedules = everything(), stage.schedules()
    lives(stage)
    capsys.readouterr()

    assert stage.run("erase", XIAOLI, "--confirm", "--json") == 0

    assert everything() == others
    batches = {name for name in stage.schedules() if name.startswith("b-")}
    assert stage.schedules() - batches == schedules
    receipt = json.loads(capsys.readouterr().out)
    assert receipt["deleted"] == {
        "allowances": 1, "behaviours": 4, "customers": 2, "enrolments": 1, "identities": 3, "pushes": 2,
    }
    kept = json.dumps([list(CatalogRow.of_kind(kind)) for kind in ("erased", "erasing")])
    assert not any(word in kept for word in ("xiaoli", "user:7", "anonymous", XIAOLI_ID))


def test_a_group_sends_list_of_those_whom_it_did_not_reach_forgets_them(stage: Stage) -> None:
    stage.happens("wecom.add_external_contact")
    stage.step()
    push = next(PushRow.of_customer(XIAOLI_ID))
    group_sends.claim(GroupSend(batch=push.batch, sequence=1, members=(push.member, "m2"), state="submitted",
                                claimed_at=push.planned_at, failed=(push.member, "m2")))

    stage.run("erase", XIAOLI, "--confirm")

    assert [send.failed for send in sends_of(push.batch)] == [("m2",)]


def test_who_was_erased_is_known_again_but_not_who_they_were(stage: Stage, capsys: Captured) -> None:
    lives(stage)
    stage.run("erase", XIAOLI, "--confirm")
    capsys.readouterr()

    assert stage.run("erase", "user:7", "--confirm") == 0
    assert "was erased before: receipt" in capsys.readouterr().out
    with pytest.raises(Failure, match=r"^user:7 was erased at 2026-03-02"):
        stage.run("story", "user:7")


@pytest.mark.parametrize(("survived", "key"), list(enumerate([XIAOLI, "user:7", XIAOLI_ID] * 2)))
def test_an_erasure_that_was_killed_is_ended_by_the_next_one(
    stage: Stage, monkeypatch: pytest.MonkeyPatch, capsys: Captured, survived: int, key: str
) -> None:
    lives(stage)
    killed = Killed(survived)
    with monkeypatch.context() as patched:
        patched.setattr(erase_person, "delete_all", killed)
        with pytest.raises(KeyboardInterrupt):
            stage.run("erase", XIAOLI, "--confirm")
    capsys.readouterr()

    assert stage.run("erase", key, "--confirm", "--json") == 0

    assert everything() == "[]"
    assert list(CatalogRow.of_kind("erasing")) == []
    assert json.loads(capsys.readouterr().out)["deleted"]["behaviours"] == 4


class Killed:
    """Deletes the rows of some tables, and is killed at the next one."""

    def __init__(self, survived: int) -> None:
        self.left = survived

    def __call__(self, rows: Any) -> None:
        if self.left == 0:
            raise KeyboardInterrupt
        self.left -= 1
        belongings.delete_all(rows)


def test_a_timer_that_fires_after_the_erasure_has_no_schedule_any_more(stage: Stage) -> None:
    stage.happens("wecom.add_external_contact")
    assert any(name.startswith("t-") for name in stage.schedules())

    stage.run("erase", XIAOLI, "--confirm")

    assert stage.schedules() == set()


def test_the_tombstones_salt_lies_apart_from_them(stage: Stage) -> None:
    lives(stage)
    stage.run("erase", XIAOLI, "--confirm")

    found = boto3.client("ssm").get_parameter(Name="/chaoxi/chaoxi-test/erasure-salt", WithDecryption=True)["Parameter"]

    assert found["Type"] == "SecureString"
    assert found["Value"] not in json.dumps(list(CatalogRow.of_kind("erased")))
