"""Group-sends: creating one, listing them, and what became of one."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, NamedTuple

from chalicelib.domain.playbook.content import Content
from chalicelib.gateways.wecom.client import Json, Lenient, WeComApp, parsed
from chalicelib.gateways.wecom.contents import wire_of

CREATE = "externalcontact/add_msg_template"
LIST = "externalcontact/get_groupmsg_list_v2"
TASKS = "externalcontact/get_groupmsg_task"
RESULTS = "externalcontact/get_groupmsg_send_result"
SENT = 2
SENDERS_KEPT = 20_000


class Created(Lenient):
    """A group-send that staff can now confirm; `fail_list` are customers that it will not reach."""

    msgid: str
    fail_list: tuple[str, ...] = ()


class Text(Lenient):
    """A listed group-send's text."""

    content: str = ""


class Listed(Lenient):
    """A group-send of the corp's list."""

    msgid: str
    text: Text = Text()


class StaffTask(Lenient):
    """One staff member's task; `status` 0 waits for confirmation, 2 is sent."""

    userid: str
    status: int = 0
    send_time: int | None = None


class Result(Lenient):
    """What became of one customer; `status` as in Outcome, `send_time` in Unix seconds."""

    external_userid: str = ""
    status: int = 0
    send_time: int | None = None


class Outcome(NamedTuple):
    """What became of one customer, and when; domain/group_sending.py says what the numbers mean."""

    status: int = 0
    at: datetime | None = None


def create_group_send(app: WeComApp, sender: str, customers: Sequence[str], content: Content) -> Created:
    """Create the task of one staff member for up to 10,000 of their customers.

    The platform would make a second one if asked again: a call without an answer must be looked up, not repeated.
    """
    body = {"chat_type": "single", "external_userid": list(customers), "sender": sender, **wire_of(content)}
    return parsed(Created, CREATE, app.call_patiently(CREATE, body, once=True))


def list_group_sends(app: WeComApp, start: datetime, end: datetime) -> Iterator[Listed]:
    """Yield the group-sends that API calls created between two instants."""
    body = {
        "chat_type": "single",
        "start_time": int(start.timestamp()),
        "end_time": int(end.timestamp()),
        "filter_type": 0,
    }
    for row in pages(app, LIST, body, "group_msg_list", limit=100):
        yield parsed(Listed, LIST, row)


def senders_of(app: WeComApp, msgid: str) -> frozenset[str]:
    """Return the staff members who are to confirm a group-send. They never change, so a worker asks once."""
    if msgid not in app.senders:
        rows = pages(app, TASKS, {"msgid": msgid}, "task_list", limit=1000)
        found = frozenset(parsed(StaffTask, TASKS, row).userid for row in rows)
        if not found:
            return found
        if len(app.senders) >= SENDERS_KEPT:
            app.senders.clear()
        app.senders[msgid] = found
    return app.senders[msgid]


def staff_task(app: WeComApp, msgid: str, userid: str) -> StaffTask | None:
    """Return a staff member's part of a group-send; None when they have none."""
    rows = pages(app, TASKS, {"msgid": msgid}, "task_list", limit=1000)
    tasks = (parsed(StaffTask, TASKS, row) for row in rows)
    return next((task for task in tasks if task.userid == userid), None)


def results_of(app: WeComApp, msgid: str, userid: str) -> Iterator[Result]:
    """Yield what became of each customer of a staff member's part."""
    for row in pages(app, RESULTS, {"msgid": msgid, "userid": userid}, "send_list", limit=1000):
        yield parsed(Result, RESULTS, row)


def outcomes_of(app: WeComApp, msgid: str, userid: str) -> dict[str, Outcome]:
    """Return what became of each customer of a staff member's part; nothing before they have confirmed it."""
    task = staff_task(app, msgid, userid)
    if task is None or task.status != SENT:
        return {}
    return {
        result.external_userid: Outcome(result.status, instant_of(result.send_time or task.send_time))
        for result in results_of(app, msgid, userid)
    }


def instant_of(seconds: int | None) -> datetime | None:
    """Return the instant of a Unix time."""
    return datetime.fromtimestamp(seconds, UTC) if seconds else None


def pages(app: WeComApp, api: str, body: Mapping[str, Any], name: str, limit: int) -> Iterator[Json]:
    """Yield the rows of all pages."""
    cursor = ""
    while True:
        answer = app.call_patiently(api, {**body, "limit": limit, "cursor": cursor})
        yield from answer.get(name) or ()
        cursor = answer.get("next_cursor") or ""
        if not cursor:
            return
