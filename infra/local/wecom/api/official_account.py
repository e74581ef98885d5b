"""Official Accounts: their stable token, and customer-service messages within a fan's allowance."""

from datetime import timedelta

from infra.local.wecom.api.request import Scene
from infra.local.wecom.errors import PlatformError
from infra.local.wecom.state.frequency import DAY
from infra.local.wecom.state.messages import JSON, Content, Message
from infra.local.wecom.state.people import Account, Fan, Grant

RENEWED_EARLY = timedelta(minutes=5)
FORCED_A_DAY = 20
FORCED_APART = timedelta(seconds=30)
TEXT_BYTES = 2048
TYPES = {"text", "image", "voice", "video", "music", "news", "mpnews", "msgmenu", "miniprogrampage"}


def stable_token(scene: Scene) -> JSON:
    """Return the same token while it has five minutes to live; `force_refresh` makes a new one."""
    fields, desk = scene.fields, scene.state.tokens
    if fields.optional("grant_type") != "client_credential":
        raise PlatformError(40002)
    account = _account(scene, fields.text("appid", missing=40013))
    if account.secret != fields.text("secret", missing=40125):
        raise PlatformError(40125)
    if fields.flag("force_refresh"):
        limits = {FORCED_APART: 1, DAY: FORCED_A_DAY}
        scene.state.limits.require(account.corp_id, "forced token", scene.now, limits)
        desk.revoke(account.name, 40001)
    token = desk.issue(account.name, scene.now, scene.state.rules.token_lifetime, RENEWED_EARLY)
    return {"access_token": token.value, "expires_in": int((token.expires_at - scene.now).total_seconds())}


def send_custom_message(scene: Scene) -> JSON:
    """Send a fan one message, if an act of theirs has earned it."""
    fields = scene.fields
    kind = fields.text("msgtype", missing=40008)
    inner = fields.object(kind)
    if kind not in TYPES or inner is None:
        raise PlatformError(40008, kind)
    text = inner.text("content", missing=44004, max_bytes=TEXT_BYTES, too_long=45002) if kind == "text" else ""
    openid = fields.text("touser", missing=40003)
    fan = scene.official_account.fans.get(openid)
    if fan is None:
        raise PlatformError(40003, openid)
    if not fan.is_following:
        raise PlatformError(43004, openid)
    _spend(fan, scene)
    message = Message(scene.now, scene.caller.name, "service", Content(text), raw=fields.values)
    scene.state.fan_inboxes.setdefault(openid, []).append(message)
    return {}


def _account(scene: Scene, appid: str) -> Account:
    accounts = scene.state.accounts.values()
    account = next((each for each in accounts if each.corp_id == appid and each.kind != "wecom"), None)
    if account is None:
        raise PlatformError(40013, appid)
    return account


def _spend(fan: Fan, scene: Scene) -> None:
    """Use up one message of the grant that ends first; 45015 without a live grant, 45047 when all are spent."""
    alive = [grant for grant in fan.grants if scene.now < grant.until]
    if not alive:
        raise PlatformError(45015, fan.openid)
    usable = [grant for grant in alive if grant.left > 0]
    if not usable:
        raise PlatformError(45047, fan.openid)
    soonest: Grant = min(usable, key=lambda grant: grant.until)
    soonest.left -= 1
