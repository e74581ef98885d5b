"""What fans do with an Official Account: each act earns messages for a while, and makes an event."""

from datetime import datetime, timedelta

from infra.local.wecom.acts.events import Event, Part, fan_event, fan_text
from infra.local.wecom.errors import SimulatorError
from infra.local.wecom.state.people import Account, Fan, Grant
from infra.local.wecom.state.world_state import WorldState

AFTER_MESSAGE = (5, timedelta(hours=48))
AFTER_GESTURE = (3, timedelta(minutes=1))


def subscribe(world: WorldState, account: Account, openid: str, scene: str, unionid: str, now: datetime) -> Event:
    """Somebody follows, perhaps by a QR code with a scene."""
    fans = world.official_accounts[account.corp_id].fans
    fan = fans.setdefault(openid, Fan(openid, unionid))
    fan.is_following = True
    _grant(fan, AFTER_GESTURE, now)
    parts: list[Part] = [("EventKey", f"qrscene_{scene}"), ("Ticket", f"TICKET-{scene}")] if scene else []
    return fan_event(account.corp_id, account.name, openid, "subscribe", now, parts)


def unsubscribe(world: WorldState, account: Account, openid: str, now: datetime) -> Event:
    """A fan stops following."""
    fan = _fan(world, account, openid)
    fan.is_following = False
    fan.grants.clear()
    return fan_event(account.corp_id, account.name, openid, "unsubscribe", now)


def scan(world: WorldState, account: Account, openid: str, scene: str, now: datetime) -> Event:
    """A fan scans a QR code."""
    _grant(_fan(world, account, openid), AFTER_GESTURE, now)
    parts: list[Part] = [("EventKey", scene), ("Ticket", f"TICKET-{scene}")]
    return fan_event(account.corp_id, account.name, openid, "SCAN", now, parts)


def click_menu(world: WorldState, account: Account, openid: str, key: str, now: datetime) -> Event:
    """A fan taps a menu item."""
    _grant(_fan(world, account, openid), AFTER_GESTURE, now)
    return fan_event(account.corp_id, account.name, openid, "CLICK", now, [("EventKey", key)])


def write(world: WorldState, account: Account, openid: str, text: str, now: datetime) -> Event:
    """A fan writes a text."""
    _grant(_fan(world, account, openid), AFTER_MESSAGE, now)
    msgid = 10**15 + next(world.serial)
    return fan_text(account.corp_id, account.name, openid, text, msgid, now)


def _fan(world: WorldState, account: Account, openid: str) -> Fan:
    fan = world.official_accounts[account.corp_id].fans.get(openid)
    if fan is None or not fan.is_following:
        raise SimulatorError(f"{openid} does not follow {account.name}")
    return fan


def _grant(fan: Fan, earned: tuple[int, timedelta], now: datetime) -> None:
    fan.grants = [grant for grant in fan.grants if now < grant.until]
    fan.grants.append(Grant(earned[0], now + earned[1]))
