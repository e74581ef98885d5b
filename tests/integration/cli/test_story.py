import json
from datetime import timedelta

import boto3
import pytest

from chalicelib.domain.push import GroupSend
from chalicelib.models import group_sends
from chalicelib.models.pushes import PushRow
from infra.failure import Failure
from tests.integration.cli.stage import CORP, XIAOLI, XIAOLI_ID, Stage

Captured = pytest.CaptureFixture[str]


def told(stage: Stage, capsys: Captured, *argv: str) -> str:
    """Run a command that goes well and return what it printed."""
    capsys.readouterr()
    assert stage.run(*argv) == 0
    return capsys.readouterr().out


def test_a_story_tells_who_what_and_why_in_order_of_time(stage: Stage, capsys: Captured) -> None:
    follow = stage.happens("wecom.add_external_contact")
    stage.happens("identify", traits={"name": "小丽", "city": "杭州"})
    stage.step()
    stage.step()

    text = told(stage, capsys, "story", XIAOLI_ID)

    assert f"customer   {XIAOLI_ID}" in text
    assert "tie        anna@shop friend since 2026-03-02 10:00:0" in text
    assert "name=小丽, city=杭州" in text
    assert "consent    nothing said: the playbook decides" in text
    assert f"because {follow.key}, rule tea@1/followed" in text
    order = [text.index(word) for word in ("[anna@shop, test]", "push       greeting: planned", "skipped (cap_day)")]
    assert order == sorted(order)
    assert f"because {follow.key}, rule tea@1/tea/new/greeting" in text


def test_times_are_the_customers_own_with_utc_beside_them(stage: Stage, capsys: Captured) -> None:
    stage.happens("wecom.add_external_contact")
    stage.happens("identify", traits={"timezone": "America/New_York"})

    text = told(stage, capsys, "story", XIAOLI)

    assert "clock      America/New_York\n" in text
    assert "2026-03-01 21:00:0" in text
    assert "02 02:00:0" in text


def test_a_group_send_is_told_with_its_msgid(stage: Stage, capsys: Captured) -> None:
    stage.happens("wecom.add_external_contact")
    stage.step()
    push = next(PushRow.of_customer(XIAOLI_ID))
    send = GroupSend(batch=push.batch, sequence=1, members=(push.member,), state="submitted",
                     claimed_at=push.planned_at + timedelta(minutes=1), msgid="msg-77")
    group_sends.claim(send)
    PushRow.settle(push.model_copy(update={"state": "submitted", "msgid": "msg-77"}), "planned")

    text = told(stage, capsys, "story", XIAOLI)

    assert "greeting: submitted by anna@shop, msgid msg-77" in text
    assert "group-send submitted, msgid msg-77, 1 members" in text


def test_why_did_they_get_this_leads_from_the_push_over_the_rule_to_the_behaviour(
    stage: Stage, capsys: Captured
) -> None:
    follow = stage.happens("wecom.add_external_contact")
    stage.step()
    push = next(PushRow.of_customer(XIAOLI_ID))

    text = told(stage, capsys, "story", XIAOLI, "--because", push.key)

    first, second, third = (text.index(line) for line in ("1.    push greeting", "2. ←  tag friend", "3. ←  behaviour"))
    assert first < second < third
    assert 'by tea@1/tea/new/greeting: step {"after":"2h","id":"greeting","content":"hello"}' in text
    assert 'by tea@1/followed: when {"behaviour":"wecom.add_external_contact"}' in text
    assert text.rstrip().endswith(follow.key)


@pytest.mark.parametrize("key", ["tag/friend", "friend", f"{XIAOLI_ID}/tea"])
def test_a_tag_and_a_run_lead_back_to_the_behaviour_too(stage: Stage, capsys: Captured, key: str) -> None:
    follow = stage.happens("wecom.add_external_contact")

    links = json.loads(told(stage, capsys, "story", XIAOLI, "--because", key, "--json"))

    assert len({link["key"] for link in links}) == len(links)
    assert links[-1]["key"] == follow.key
    assert links[-1]["line"]["sort"] == "behaviour"


def test_a_long_story_is_told_page_by_page(stage: Stage, capsys: Captured) -> None:
    for number in range(5):
        stage.happens("page", number=number)

    first = json.loads(told(stage, capsys, "story", XIAOLI, "--limit", "3", "--json"))
    rest = json.loads(told(stage, capsys, "story", XIAOLI, "--limit", "3", "--since", first["next"], "--json"))

    assert [line["what"][-1] for line in (*first["lines"], *rest["lines"])] == ["0", "1", "2", "3", "4"]
    assert rest["next"] is None


def test_a_merged_customer_is_one_story(stage: Stage, capsys: Captured) -> None:
    stage.happens("identify", subject="user:7", traits={"city": "杭州"})
    stage.happens("wecom.add_external_contact")
    stage.happens("alias", subject=XIAOLI, also=("user:7",))

    by_old, by_new = (told(stage, capsys, "story", key) for key in ("user:7", XIAOLI))

    assert by_old == by_new
    assert f"identities user:7, {XIAOLI}" in by_old
    assert "city=杭州" in by_old


def test_a_bare_external_userid_is_looked_for_in_the_accounts_corps(stage: Stage, capsys: Captured) -> None:
    put_account("shop", CORP)
    stage.happens("wecom.add_external_contact")

    assert f"customer   {XIAOLI_ID}" in told(stage, capsys, "story", "xiaoli")


def test_a_bare_key_that_two_corps_know_is_not_guessed(stage: Stage) -> None:
    put_account("shop", CORP)
    put_account("other", "ww2")
    stage.happens("wecom.add_external_contact")
    stage.happens("wecom.add_external_contact", subject="wecom:ww2:xiaoli")

    with pytest.raises(Failure, match=r"xiaoli may be wecom:ww1:xiaoli .* wecom:ww2:xiaoli .*: name one of them"):
        stage.run("story", "xiaoli")


def test_a_stranger_is_refused_in_one_line(stage: Stage) -> None:
    with pytest.raises(Failure, match=r"^nobody is known as user:nobody$"):
        stage.run("story", "user:nobody")


def test_a_key_that_names_nothing_is_refused(stage: Stage) -> None:
    stage.happens("wecom.add_external_contact")

    with pytest.raises(Failure, match="names no push, tag, enrolment or behaviour"):
        stage.run("story", XIAOLI, "--because", "nonsense")


def put_account(name: str, corp: str) -> None:
    """Store an account."""
    told = {"kind": "wecom", "corp_id": corp, "token": "t", "aes_key": "k", "secret": "s"}
    boto3.client("ssm").put_parameter(
        Name=f"/chaoxi/chaoxi-test/accounts/{name}", Type="SecureString", Value=json.dumps(told)
    )
