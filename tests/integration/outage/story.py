"""Two corps, a handful of customers each, whose steps fall due while something is out of order."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from chalicelib.domain.playbook.playbook import Playbook
from chalicelib.services.publish_playbook import publish_playbook
from infra.local.wecom.acts.confirmations import ConfirmPolicy
from infra.local.wecom.state.people import Account
from tests.harness.wecom import WecomCloud

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
CREATE, WELCOME = "externalcontact/add_msg_template", "externalcontact/send_welcome_msg"
CALLBACK_KEY = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG"
BRANCH = Account("branch", "wwbranch", "branch-secret", token="branch-token", aes_key=CALLBACK_KEY)
ACCOUNTS = {"main": ("wwcorp", "li"), "branch": ("wwbranch", "wang")}
FOREVER = 10**9
PLAYBOOK: dict[str, Any] = {
    "id": "demo", "name": "演示", "version": 1, "zone": "Asia/Shanghai",
    "quiet": [{"from": "22:30", "to": "07:00"}], "caps": {"day": 3}, "welcome": ["greeting"],
    "contents": {"greeting": {"text": "您好"}, "noon": {"text": "午间"}, "evening": {"text": "晚间"}},
    "rules": [{"id": "followed", "when": {"behaviour": "wecom.add_external_contact"}, "add": [{"tag": "followed"}]}],
    "journeys": [{
        "id": "main", "name": "主线", "enter": {"when": {"tag": "followed"}},
        "stages": [{"id": "new", "name": "新", "intent": "low", "weight": 1, "steps": [
            {"id": "noon", "content": "noon", "after": "2h"},
            {"id": "evening", "content": "evening", "day": 1, "at": "20:30"},
        ]}],
    }],
}  # fmt: skip


def opened(cloud: WecomCloud) -> None:
    """Open both corps at 10:00 in Shanghai; staff confirm what they get within 20 minutes."""
    publish_playbook(Playbook.model_validate(PLAYBOOK))
    cloud.add_account(BRANCH)
    for corp, staff in ACCOUNTS.values():
        cloud.wecom.add_staff(corp, staff)
    cloud.wecom.set_confirm_policy(ConfirmPolicy(timedelta(minutes=20)))


def joined(cloud: WecomCloud, number: int = 4) -> None:
    """Let customers follow, one of each corp every quarter of an hour: their first step is due two hours later."""
    for one in range(number):
        for account, (corp, staff) in ACCOUNTS.items():
            cloud.wecom.follow(staff, customer_of(account, one), corp_id=corp)
        cloud.run_for(HOUR / 4)


def customer_of(account: str, number: int) -> str:
    """Return a customer's external_userid."""
    return f"wm-{account}-{number}"


def suffered(cloud: WecomCloud, begin: Callable[[], object], end: Callable[[], object], span: timedelta) -> None:
    """Let something be out of order from ten to noon on, while steps fall due every quarter of an hour."""
    opened(cloud)
    joined(cloud)
    cloud.run_until(local(cloud, "11:50"))
    begin()
    cloud.run_for(span)
    end()


def local(cloud: WecomCloud, clock: str, days: int = 0) -> datetime:
    """Return an instant of the cloud's day by the clock in Shanghai."""
    hours, minutes = map(int, clock.split(":"))
    midnight = (cloud.clock.now + 8 * HOUR).replace(hour=0, minute=0, second=0, microsecond=0)
    return midnight + days * DAY + timedelta(hours=hours - 8, minutes=minutes)
