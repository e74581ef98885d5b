"""Tokens of corp apps, and the platform's own addresses."""

from infra.local.wecom.api.request import Scene
from infra.local.wecom.errors import PlatformError
from infra.local.wecom.state.messages import JSON
from infra.local.wecom.state.people import Account


def get_token(scene: Scene) -> JSON:
    """Give the app its token; a wrong pair counts towards the ban of the caller's address."""
    rules, address, desk = scene.state.rules, scene.request.address, scene.state.tokens
    desk.refuse_banned(address, scene.now)
    account = _app(scene)
    if account is None:
        desk.note_wrong_secret(address, scene.now, rules)
        raise PlatformError(40001)
    token = desk.issue(account.name, scene.now, rules.token_lifetime)
    return {"access_token": token.value, "expires_in": int((token.expires_at - scene.now).total_seconds())}


def get_callback_addresses(scene: Scene) -> JSON:
    """List where callbacks come from: here, this machine."""
    return {"ip_list": ["127.0.0.1", "127.0.0.*"]}


def _app(scene: Scene) -> Account | None:
    corp_id, secret = scene.request.query.get("corpid", ""), scene.request.query.get("corpsecret", "")
    apps = scene.state.apps_of(corp_id)
    return next((each for each in apps if secret and each.secret == secret), None)
