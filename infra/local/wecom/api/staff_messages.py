"""Messages of an app to staff."""

import hashlib
import json
import re
from datetime import timedelta

from infra.local.wecom.api.fields import Fields
from infra.local.wecom.api.request import Scene
from infra.local.wecom.errors import PlatformError
from infra.local.wecom.state.corp import Corp
from infra.local.wecom.state.frequency import HOUR, MINUTE
from infra.local.wecom.state.messages import JSON, Content, Message

RECEIVERS = 1000
TEXT_BYTES = 2048
LONGEST_CHECK = 14_400
DEFAULT_CHECK = 1_800
TASK_ID = re.compile(r"[0-9A-Za-z_@-]{1,128}")
TYPES = {
    "text",
    "image",
    "voice",
    "video",
    "file",
    "textcard",
    "news",
    "mpnews",
    "markdown",
    "miniprogram_notice",
    "template_card",
}


def send_message(scene: Scene) -> JSON:
    """Put a message into the inboxes of staff. More than 30 a minute to one of them vanish without a word."""
    fields, corp = scene.fields, scene.corp
    _require_agent(scene)
    kind = fields.text("msgtype", missing=40008)
    if kind not in TYPES:
        raise PlatformError(40008, kind)
    inner = fields.object(kind)
    if inner is None:
        raise PlatformError(40063, kind)
    text = inner.text("content", missing=44004, max_bytes=TEXT_BYTES, too_long=45002) if kind == "text" else ""
    known, unknown = _receivers(corp, fields)
    task_id = _claim_task(scene, inner) if kind == "template_card" else ""
    msgid = scene.state.new_id("appmsgSIM")
    if not _is_repeated(scene):
        _deliver(scene, known, Message(scene.now, scene.caller.name, "app", Content(text), msgid, fields.values))
    answer = {"msgid": msgid, "invaliduser": "|".join(each.lower() for each in unknown)}
    return answer | ({"response_code": f"rc-{msgid}"} if task_id else {})


def _require_agent(scene: Scene) -> None:
    agent = scene.fields.values.get("agentid")
    if str(agent) != scene.caller.agent_id:
        raise PlatformError(40056, str(agent))


def _receivers(corp: Corp, fields: Fields) -> tuple[list[str], list[str]]:
    touser = fields.optional("touser")
    if touser == "@all":
        return list(corp.staff), []
    wanted = [each for each in touser.split("|") if each]
    if len(wanted) > RECEIVERS:
        raise PlatformError(40032, f"touser takes {RECEIVERS}")
    by_lower = {userid.lower(): userid for userid, member in corp.staff.items() if member.is_active}
    known = [by_lower[each.lower()] for each in wanted if each.lower() in by_lower]
    if not known:
        raise PlatformError(81013, invaliduser=touser.lower())
    return known, [each for each in wanted if each.lower() not in by_lower]


def _claim_task(scene: Scene, card: Fields) -> str:
    task_id = card.optional("task_id")
    if card.optional("card_type") != "button_interaction" and not task_id:
        return ""
    key = (scene.caller.name, task_id)
    if not TASK_ID.fullmatch(task_id) or key in scene.corp.card_task_ids:
        raise PlatformError(42014, task_id)
    scene.corp.card_task_ids.add(key)
    return task_id


def _is_repeated(scene: Scene) -> bool:
    """Whether the same message was sent within the interval that the caller asked to be checked."""
    if not scene.fields.flag("enable_duplicate_check"):
        return False
    seconds = scene.fields.number("duplicate_check_interval", DEFAULT_CHECK, 1, LONGEST_CHECK)
    text = json.dumps([scene.caller.name, scene.fields.values], ensure_ascii=False, sort_keys=True)
    digest = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
    until = scene.corp.sent_once.get(digest)
    if until is not None and scene.now < until:
        return True
    scene.corp.sent_once[digest] = scene.now + timedelta(seconds=seconds)
    return False


def _deliver(scene: Scene, userids: list[str], message: Message) -> None:
    rules = scene.state.rules
    limits = {MINUTE: rules.staff_messages_a_minute, HOUR: rules.staff_messages_an_hour}
    for userid in userids:
        if scene.state.limits.admit(f"{scene.caller.name}/{userid}", "to staff", scene.now, limits):
            scene.corp.staff_inboxes.setdefault(userid, []).append(message)
