"""Creating, reminding of and cancelling group-sends."""

from infra.local.wecom.api.contents import content_of
from infra.local.wecom.api.fields import Fields
from infra.local.wecom.api.request import Scene
from infra.local.wecom.errors import PlatformError
from infra.local.wecom.state.corp import Corp
from infra.local.wecom.state.frequency import DAY
from infra.local.wecom.state.group_sends import GroupSend, Receiver
from infra.local.wecom.state.messages import JSON
from infra.local.wecom.state.people import Relation

CUSTOMERS_A_CALL = 10_000
CHATS_A_CALL = 2_000
TAGS_A_GROUP = 100
Receivers = dict[str, list[str]]


def add_msg_template(scene: Scene) -> JSON:
    """Create a task for every sending staff member. Nobody receives anything until they confirm."""
    fields = scene.fields
    chat_type = fields.optional("chat_type") or "single"
    if chat_type not in ("single", "group"):
        raise PlatformError(40058, "chat_type")
    content = content_of(fields, scene.corp, scene.now)
    receivers, failed = _chats(scene) if chat_type == "group" else _customers(scene)
    if not any(receivers.values()):
        raise PlatformError(41048, fail_list=failed)
    send = GroupSend(
        msgid=scene.state.new_id("msgSIM"),
        chat_type=chat_type,
        content=content,
        created_at=scene.now,
        dispatched_at=scene.now + scene.state.rules.dispatch_delay,
        receivers={userid: {target: Receiver() for target in targets} for userid, targets in receivers.items()},
        allow_select=fields.flag("allow_select"),
    )
    scene.corp.group_sends[send.msgid] = send
    return {"fail_list": failed, "msgid": send.msgid}


def remind_groupmsg_send(scene: Scene) -> JSON:
    """Remind the staff who have not confirmed."""
    send = send_of(scene)
    if send.is_cancelled:
        raise PlatformError(41093)
    recent = [moment for moment in send.reminded_at if scene.now - moment < DAY]
    if len(recent) >= scene.state.rules.reminders_a_day:
        raise PlatformError(41094)
    send.reminded_at = [*recent, scene.now]
    return {}


def cancel_groupmsg_send(scene: Scene) -> JSON:
    """Stop what is not sent yet; nothing is recalled."""
    send = send_of(scene)
    if send.is_cancelled:
        raise PlatformError(41093)
    send.is_cancelled = True
    return {}


def send_of(scene: Scene) -> GroupSend:
    """Return the group-send of the request's msgid; 41046 or 41047 otherwise."""
    msgid = scene.fields.text("msgid", missing=41046)
    send = scene.corp.group_sends.get(msgid)
    if send is None:
        raise PlatformError(41047, msgid)
    return send


def _customers(scene: Scene) -> tuple[Receivers, list[str]]:
    corp, fields = scene.corp, scene.fields
    wanted = list(dict.fromkeys(fields.texts("external_userid", CUSTOMERS_A_CALL)))
    sender = fields.optional("sender")
    if sender:
        corp.member(sender)
    if wanted and sender:
        return _of_sender(corp, sender, wanted)
    if wanted:
        return _distributed(corp, wanted)
    chosen = _filtered(corp, fields, sender)
    if not sender and chosen is None:
        raise PlatformError(40063, "external_userid, sender or tag_filter")
    relations = corp.customers_of(sender) if chosen is None else chosen
    if sender:
        return {sender: [each.external_userid for each in relations]}, []
    return _distributed(corp, list(dict.fromkeys(each.external_userid for each in relations)))


def _of_sender(corp: Corp, sender: str, wanted: list[str]) -> tuple[Receivers, list[str]]:
    known = corp.by_staff.get(sender, {})
    reachable = [each for each in wanted if each in known and known[each].is_visible]
    accepted = set(reachable)
    return {sender: reachable}, [each for each in wanted if each not in accepted]


def _distributed(corp: Corp, wanted: list[str]) -> tuple[Receivers, list[str]]:
    """Give each customer to the follower who was in touch with them last."""
    receivers: Receivers = {}
    failed = []
    for external_userid in wanted:
        followers = corp.followers_of(external_userid)
        if followers:
            receivers.setdefault(max(followers, key=_last_contact).userid, []).append(external_userid)
        else:
            failed.append(external_userid)
    return receivers, failed


def _last_contact(relation: Relation) -> tuple[float, str]:
    return (relation.last_contact_at or relation.since).timestamp(), relation.userid


def _filtered(corp: Corp, fields: Fields, sender: str) -> list[Relation] | None:
    """Return the relations that carry one tag of every group, or None without a filter."""
    outer = fields.object("tag_filter")
    if outer is None:
        return None
    groups = [set(each.texts("tag_list", TAGS_A_GROUP)) for each in outer.objects("group_list", TAGS_A_GROUP)]
    if not groups or not all(groups):
        raise PlatformError(40063, "tag_list")
    corp.require_tags(tag_id for group in groups for tag_id in group)
    relations = corp.customers_of(sender) if sender else corp.relations()
    return [each for each in relations if all(group & set(each.tag_ids) for group in groups)]


def _chats(scene: Scene) -> tuple[Receivers, list[str]]:
    corp = scene.corp
    sender = scene.fields.text("sender")
    corp.member(sender)
    owned = [chat.chat_id for chat in corp.chats.values() if chat.owner == sender]
    wanted = list(dict.fromkeys(scene.fields.texts("chat_id_list", CHATS_A_CALL))) or owned
    return {sender: [each for each in wanted if each in owned]}, [each for each in wanted if each not in owned]
