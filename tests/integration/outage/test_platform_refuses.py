"""WeCom answers, but will not: limits, tokens, a wrong secret, an address that it does not trust."""

from collections import Counter
from dataclasses import replace

import pytest

from infra.local.wecom.state.people import Account
from tests.harness.wecom import MAIN, WecomCloud
from tests.integration.outage.outcome import accounting, calls, fates, metrics, redriven, set_aside, texts, twice
from tests.integration.outage.story import BRANCH, CREATE, FOREVER, HOUR, MINUTE, joined, local, opened, suffered

Captured = pytest.CaptureFixture[str]
ALL = Counter({"delivered": 8})

pytestmark = pytest.mark.usefixtures("command_line")


def all_is_well(cloud: WecomCloud) -> bool:
    """Whether, when everything is over, every push was delivered, once, and nothing is left anywhere."""
    cloud.run_for(80 * HOUR)
    accounted = accounting(cloud).due_unaccounted == 0 and set_aside(cloud) == {}
    return fates("main") == fates("branch") == ALL and twice(cloud) == [] and accounted


def told(cloud: WecomCloud, code: int) -> int:
    """Count how often the platform had to answer a code."""
    return sum(call.errcode == code for call in cloud.wecom.calls)


def changes_its_secret(cloud: WecomCloud, account: Account, secret: str) -> None:
    """The corp's administrator sets another secret, which ends the tokens; nobody tells us."""
    cloud.wecom.add_account(replace(account, secret=secret))
    cloud.wecom.revoke_tokens(account.name)


def corrected(cloud: WecomCloud, account: Account, secret: str) -> None:
    """The operator stores the right secret."""
    cloud.add_account(replace(account, secret=secret))


def test_three_hours_of_called_too_often_cost_few_calls_and_delay_everything_by_half_an_hour_more(
    cloud: WecomCloud, capsys: Captured
) -> None:
    suffered(
        cloud,
        lambda: cloud.wecom.faults.add(CREATE, "errcode", FOREVER, errcode=45009),
        cloud.wecom.faults.clear,
        3 * HOUR,
    )
    assert 1 <= told(cloud, 45009) <= 12
    counted = metrics(capsys.readouterr().out)
    assert counted["WeComCooledDown"] == told(cloud, 45009)
    assert counted["BatchHeld"] > counted["WeComCooledDown"]
    cloud.run_for(95 * MINUTE)
    assert accounting(cloud).due_unaccounted == 0
    assert all_is_well(cloud)


def test_the_platforms_own_limit_of_a_minute_is_waited_out(cloud: WecomCloud) -> None:
    suffered(
        cloud,
        lambda: cloud.wecom.change_rules({"calls_a_minute": 1}),
        lambda: cloud.wecom.change_rules({"calls_a_minute": 10_000}),
        2 * HOUR,
    )
    assert all_is_well(cloud)


def test_too_many_calls_at_once_are_tried_again_and_then_later(cloud: WecomCloud, capsys: Captured) -> None:
    suffered(
        cloud,
        lambda: cloud.wecom.faults.add("*", "errcode", FOREVER, errcode=45033),
        cloud.wecom.faults.clear,
        HOUR,
    )
    assert metrics(capsys.readouterr().out)["BatchHeld"] > 0
    assert all_is_well(cloud)


def test_a_limit_of_one_account_is_not_the_others(cloud: WecomCloud) -> None:
    opened(cloud)
    joined(cloud)
    cloud.run_until(local(cloud, "11:50"))
    cloud.wecom.faults.add(CREATE, "errcode", 1, errcode=45009)
    cloud.run_until(local(cloud, "12:05"))
    assert sorted(call.account for call in cloud.wecom.calls if call.path == CREATE and call.errcode == 0) in (
        ["branch", "main"],
        ["branch", "branch", "main"],
        ["branch", "main", "main"],
    )


@pytest.mark.parametrize("code", [40014, 42001])
def test_tokens_that_end_early_are_replaced_without_a_push_being_late(cloud: WecomCloud, code: int) -> None:
    opened(cloud)
    joined(cloud)
    cloud.run_until(local(cloud, "11:50"))
    for _ in range(15):
        cloud.wecom.revoke_tokens("main", code)
        cloud.run_for(5 * MINUTE)
    noon = [at for at in calls(cloud, CREATE) if at < local(cloud, "13:05")]
    assert max(at.minute % 15 for at in noon) <= 3
    assert accounting(cloud).due_unaccounted == 0
    assert all_is_well(cloud)


def test_tokens_that_are_refused_as_soon_as_they_are_given_cost_two_calls_a_visit(cloud: WecomCloud) -> None:
    suffered(
        cloud,
        lambda: cloud.wecom.faults.add(CREATE, "errcode", FOREVER, errcode=42001),
        cloud.wecom.faults.clear,
        HOUR,
    )
    refused = told(cloud, 42001)
    tokens = len([at for at in calls(cloud, "gettoken") if at > local(cloud, "11:50")])
    assert refused > 0
    assert tokens <= refused
    assert all_is_well(cloud)


def test_a_wrong_secret_is_tried_once_and_the_other_account_notices_nothing(
    cloud: WecomCloud, capsys: Captured
) -> None:
    suffered(
        cloud,
        lambda: changes_its_secret(cloud, BRANCH, "another"),
        lambda: None,
        50 * MINUTE,
    )
    assert told(cloud, 40001) == 1
    assert metrics(capsys.readouterr().out)["AccountSuspended"] == 1
    main = [call.at for call in cloud.wecom.calls if (call.path, call.account) == (CREATE, "main")]
    assert len(main) == 3
    assert max(at.minute % 15 for at in main) <= 3
    assert accounting(cloud).group_sends["refused"] == 3
    corrected(cloud, BRANCH, "another")
    cloud.run_for(50 * MINUTE)
    assert accounting(cloud).due_unaccounted == 0
    assert told(cloud, 40001) == 1
    assert all_is_well(cloud)


def test_a_secret_that_stays_wrong_for_two_days_is_tried_four_times(cloud: WecomCloud) -> None:
    suffered(cloud, lambda: changes_its_secret(cloud, BRANCH, "another"), lambda: None, 50 * HOUR)
    assert told(cloud, 40001) <= 4
    assert told(cloud, 45009) == 0
    assert fates("main") == ALL
    assert len(set_aside(cloud)["deliver"]) > 0
    corrected(cloud, BRANCH, "another")
    redriven(cloud, "deliver")
    assert all_is_well(cloud)


def test_four_accounts_with_wrong_secrets_are_tried_twice_each_in_half_a_day_and_ban_nobody(cloud: WecomCloud) -> None:
    opened(cloud)
    branches = [replace(BRANCH, name=f"branch-{number}", corp_id=f"ww{number}") for number in range(4)]
    for number, branch in enumerate(branches):
        cloud.add_account(branch)
        cloud.wecom.add_staff(branch.corp_id, f"staff{number}")
        cloud.wecom.add_account(replace(branch, secret="another"))
        for one in range(3):
            cloud.wecom.follow(f"staff{number}", f"wm-{number}-{one}", corp_id=branch.corp_id)
    joined(cloud)
    cloud.run_for(12 * HOUR)
    assert told(cloud, 40001) <= 2 * len(branches)
    assert told(cloud, 45009) == 0
    assert fates("main")["delivered"] == 8


def test_who_follows_under_a_wrong_secret_is_not_welcomed_and_has_the_reason(cloud: WecomCloud) -> None:
    opened(cloud)
    changes_its_secret(cloud, MAIN, "another")
    joined(cloud, 3)
    assert fates("main", "welcome") == Counter({"failed wecom:held": 3})
    assert fates("branch", "welcome") == Counter({"delivered": 3})
    assert told(cloud, 40001) == 1


def test_an_address_that_is_not_trusted_keeps_everything_for_a_redrive_after_the_repair(
    cloud: WecomCloud, capsys: Captured
) -> None:
    suffered(
        cloud,
        lambda: cloud.wecom.change_rules({"trusted_ips": ["203.0.113.9"]}),
        lambda: cloud.wecom.change_rules({"trusted_ips": []}),
        HOUR,
    )
    assert metrics(capsys.readouterr().out)["WeComAlarm"] > 0
    kept = set_aside(cloud)["deliver"]
    assert {message["reason"].partition(" ")[2] for message in kept} == {"answered 60020"}
    assert all(line.endswith("refused wecom:60020") for line in accounting(cloud).open_sends)
    redriven(cloud, "deliver")
    cloud.run_for(10 * MINUTE)
    assert accounting(cloud).due_unaccounted == 0
    cloud.run_for(80 * HOUR)
    for function in set_aside(cloud):
        redriven(cloud, function)
    assert all_is_well(cloud)
    assert texts(cloud, "main", 0) == ["您好", "午间", "晚间"]
