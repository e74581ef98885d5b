"""The welcome message: a code of 20 seconds that works once."""

from datetime import datetime

from infra.local.wecom.api.contents import content_of
from infra.local.wecom.api.request import Scene
from infra.local.wecom.errors import PlatformError
from infra.local.wecom.state.corp import WelcomeCode
from infra.local.wecom.state.messages import JSON, Message
from infra.local.wecom.state.people import Standing


def send_welcome_msg(scene: Scene) -> JSON:
    """Greet the customer of a code."""
    value = scene.fields.text("welcome_code", missing=41049)
    content = content_of(scene.fields, scene.corp, scene.now)
    code = scene.corp.welcome_codes.get(value)
    if code is None:
        raise PlatformError(41050, value)
    _require_usable(scene, code)
    code.is_used = True
    scene.corp.receive(code.external_userid, Message(scene.now, code.userid, "welcome", content, code.code))
    return {}


def _require_usable(scene: Scene, code: WelcomeCode) -> None:
    relation = scene.corp.known(code.userid, code.external_userid)
    if relation is None or relation.standing is Standing.DELETED:
        raise PlatformError(84061, code.external_userid)
    if code.is_used or relation.has_chatted:
        raise PlatformError(41051)
    if scene.now - code.created_at > scene.state.rules.welcome_window:
        raise PlatformError(41050, "older than the window")
    if code.busy_until is not None:
        _require_free(scene, code, code.busy_until)


def _require_free(scene: Scene, code: WelcomeCode, busy_until: datetime) -> None:
    """Raise while another app is sending, and for good once it has sent."""
    if scene.now < busy_until:
        raise PlatformError(41096)
    if code.other_succeeds:
        code.is_used = True
        raise PlatformError(41051)
