"""What became of group-sends."""

from datetime import UTC, datetime, timedelta

from infra.local.wecom.api.group_sends import send_of
from infra.local.wecom.api.paging import page
from infra.local.wecom.api.request import Scene
from infra.local.wecom.errors import PlatformError
from infra.local.wecom.state.group_sends import Fate, GroupSend, Receiver
from infra.local.wecom.state.messages import JSON

LONGEST_RANGE = timedelta(days=31)
FOREVER = 2**33


def get_groupmsg_task(scene: Scene) -> JSON:
    """List who has confirmed (2) and who has not (0)."""
    send = _dispatched(scene)
    rows = [_task(userid, send.confirmed_at.get(userid)) for userid in send.receivers]
    return _paged(scene, rows, "task_list", f"task/{send.msgid}")


def get_groupmsg_send_result(scene: Scene) -> JSON:
    """List what became of one staff member's receivers; of groups only those that were sent."""
    send = _dispatched(scene)
    userid = scene.fields.text("userid")
    scene.corp.member(userid)
    name = "chat_id" if send.chat_type == "group" else "external_userid"
    rows = [
        {name: target, "userid": userid, "status": int(receiver.fate)} | _sent_at(receiver)
        for target, receiver in send.receivers.get(userid, {}).items()
        if name == "external_userid" or receiver.fate is not Fate.NOT_SENT
    ]
    return _paged(scene, rows, "send_list", f"result/{send.msgid}/{userid}")


def get_groupmsg_list_v2(scene: Scene) -> JSON:
    """List the group-sends of at most a month, newest first; those that an API call made have no creator."""
    fields = scene.fields
    chat_type = fields.text("chat_type")
    start, end = (_moment(scene, name) for name in ("start_time", "end_time"))
    if end < start or end - start > LONGEST_RANGE:
        raise PlatformError(40058, "the range takes a month")
    creator = fields.optional("creator")
    filter_type = fields.number("filter_type", 2, 0, 2)
    limit = fields.number("limit", 50, 1, 100)
    found = [
        send
        for send in scene.corp.group_sends.values()
        if send.chat_type == chat_type
        and start <= send.created_at <= end
        and creator in ("", send.creator)
        and filter_type in (2, _create_type(send))
    ]
    found.sort(key=lambda send: (send.created_at, send.msgid), reverse=True)
    query = f"list/{chat_type}/{start}/{end}/{creator}/{filter_type}"
    rows, following = page(found, query, fields.optional("cursor"), limit)
    return {"group_msg_list": [_listed(send) for send in rows], "next_cursor": following}


def _dispatched(scene: Scene) -> GroupSend:
    send = send_of(scene)
    if scene.now < send.dispatched_at:
        raise PlatformError(41063)
    return send


def _paged(scene: Scene, rows: list[JSON], name: str, query: str) -> JSON:
    limit = scene.fields.number("limit", 500, 1, 1000)
    listed, following = page(rows, query, scene.fields.optional("cursor"), limit)
    return {name: listed, "next_cursor": following}


def _task(userid: str, at: datetime | None) -> JSON:
    if at is None:
        return {"userid": userid, "status": 0}
    return {"userid": userid, "status": 2, "send_time": int(at.timestamp())}


def _sent_at(receiver: Receiver) -> JSON:
    if receiver.fate is not Fate.SENT or receiver.at is None:
        return {}
    return {"send_time": int(receiver.at.timestamp())}


def _moment(scene: Scene, name: str) -> datetime:
    return datetime.fromtimestamp(scene.fields.number(name, None, 0, FOREVER), UTC)


def _create_type(send: GroupSend) -> int:
    return 1 if send.creator else 0


def _listed(send: GroupSend) -> JSON:
    known: JSON = {
        "msgid": send.msgid,
        "create_time": int(send.created_at.timestamp()),
        "create_type": _create_type(send),
    }
    return known | send.content.as_json() | ({"creator": send.creator} if send.creator else {})
