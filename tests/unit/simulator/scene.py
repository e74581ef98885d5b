"""A small world to test in: two corps, three staff members, an Official Account."""

from datetime import UTC, datetime, timedelta
from typing import Any

from infra.local.wecom import Account, Request, Rules, WecomWorld

CORP, OTHER_CORP = "ww-tide", "ww-moon"
APP, OTHER_APP, FANS = "tide", "moon", "tide-oa"
LI, WANG = "li", "wang"
AES_KEY = "kWxPEV2UEDyxWpmPdKC3F4dgPDmOvfKX1HGnEUDS1aR"


class Clock:
    """Time that moves only when a test says so."""

    def __init__(self) -> None:
        self.moment = datetime(2026, 11, 22, 4, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.moment

    def pass_seconds(self, seconds: float) -> None:
        self.moment += timedelta(seconds=seconds)

    def pass_days(self, days: float) -> None:
        self.moment += timedelta(days=days)


def small_world(clock: Clock, **rules: Any) -> WecomWorld:
    world = WecomWorld(clock, Rules().changed(rules), sleep=clock.pass_seconds)
    world.add_account(Account(APP, CORP, "secret-tide", agent_id="7"))
    world.add_account(Account(OTHER_APP, OTHER_CORP, "secret-moon"))
    world.add_account(Account(FANS, "wx-tide", "secret-fans", kind="official_account"))
    world.add_staff(CORP, LI, "李")
    world.add_staff(CORP, WANG, "王")
    world.add_staff(OTHER_CORP, "zhao", "赵")
    return world


def raw(world: WecomWorld, path: str, body: bytes, account: str = APP) -> dict[str, Any]:
    """Post bytes as they are."""
    return world.call(Request("POST", path, {"access_token": world.token(account)}, body)).json()


def send(world: WecomWorld, customers: list[str], text: str = "早", sender: str = LI) -> dict[str, Any]:
    body = {"chat_type": "single", "external_userid": customers, "sender": sender, "text": {"content": text}}
    return world.post(APP, "externalcontact/add_msg_template", body)


def results(world: WecomWorld, msgid: str, userid: str = LI) -> dict[str, int]:
    answer = world.post(APP, "externalcontact/get_groupmsg_send_result", {"msgid": msgid, "userid": userid})
    return {row["external_userid"]: row["status"] for row in answer["send_list"]}
