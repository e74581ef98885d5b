"""The pages: staff with what waits for them, customers, one inbox, and the faults that are queued."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from urllib.parse import parse_qsl, quote, urlencode

from infra.local.wecom.acts.confirmations import Waiting
from infra.local.wecom.api.request import Request
from infra.local.wecom.errors import SimulatorError
from infra.local.wecom.state.faults import FaultKind
from infra.local.wecom.web.bubbles import bubbles
from infra.local.wecom.web.markup import Markup, document, tag
from infra.local.wecom.web.reply import Reply, redirect
from infra.local.wecom.web.views import find_customers, rules
from infra.local.wecom.world import WecomWorld

STYLE = Path(__file__).with_name("style.css")
PAGE_SIZE = 50
MOST_TASKS = 100


def reply(world: WecomWorld, request: Request) -> Reply:
    """Answer one page or form; 404 for any other path."""
    if request.path == "/style.css":
        return Reply(STYLE.read_bytes(), content_type="text/css; charset=utf-8")
    if request.method == "POST":
        return _form(world, request)
    if request.path == "/":
        return _page("收件箱模拟 WeCom simulator", _home(world, request.query))
    if request.path == "/faults":
        return _page("故障 Faults", _faults(world))
    if request.path.startswith("/inbox/"):
        return _inbox(world, request)
    return refusal("没有这个页面 There is no such page", 404)


def refusal(reason: str, status: int = 400) -> Reply:
    """Return a page that says why not."""
    return _page("不行 Not possible", [tag("p", reason, cls="card error")], status)


def _form(world: WecomWorld, request: Request) -> Reply:
    values = dict(parse_qsl(request.body.decode("utf-8", "replace")))
    form = FORMS.get(request.path)
    if form is None:
        return refusal("没有这个表单 There is no such form", 404)
    form(world, values)
    return redirect("/faults" if request.path.startswith("/faults") else "/")


def _confirm(world: WecomWorld, values: Mapping[str, str]) -> None:
    world.confirm(values.get("userid", ""), values.get("msgid", ""))


def _confirm_all(world: WecomWorld, values: Mapping[str, str]) -> None:
    world.confirm_all(values.get("userid", ""))


def _add_fault(world: WecomWorld, values: Mapping[str, str]) -> None:
    try:
        times, errcode = int(values.get("times", "1")), int(values.get("errcode", "-1"))
    except ValueError as error:
        raise SimulatorError("times and errcode are numbers") from error
    world.faults.add(values.get("path", "*"), values.get("kind", ""), times, errcode=errcode)


def _clear_faults(world: WecomWorld, values: Mapping[str, str]) -> None:
    world.faults.clear()


FORMS: dict[str, Callable[[WecomWorld, Mapping[str, str]], None]] = {
    "/confirm": _confirm,
    "/confirm_all": _confirm_all,
    "/faults": _add_fault,
    "/faults/clear": _clear_faults,
}


def _home(world: WecomWorld, query: Mapping[str, str]) -> list[Markup]:
    tasks = world.waiting()
    parts = [tag("h2", f"待确认群发 Waiting for staff · {len(tasks)}")]
    if not tasks:
        parts.append(tag("p", "没有待确认的群发。 Nothing waits.", cls="card soft"))
    parts += [_task(world, task) for task in tasks[:MOST_TASKS]]
    return [*parts, *_staff(world), *_customers(world, query)]


def _task(world: WecomWorld, task: Waiting) -> Markup:
    name = world.state.corp(task.corp_id).staff[task.userid].name
    count, content = len(task.send.receivers[task.userid]), task.send.content
    summary = content.text[:120] or f"{len(content.attachments)} 个附件 attachments"
    is_ready = world.now() >= task.ready_at
    button = tag("button", "确认发送 Confirm" if is_ready else "派发中 Dispatching", disabled=not is_ready)
    hidden = [
        tag("input", type="hidden", name=field, value=value)
        for field, value in (("userid", task.userid), ("msgid", task.send.msgid))
    ]
    about = tag(
        "div", tag("b", name), tag("div", summary), tag("small", f"{count} 位客户 customers · {task.send.msgid}")
    )
    return tag("div", about, tag("form", *hidden, button, method="post", action="/confirm"), cls="card row")


def _staff(world: WecomWorld) -> list[Markup]:
    with world.lock:
        rows = [
            (member.name, member.userid, corp.corp_id, str(len(corp.customers_of(member.userid))))
            for corp in world.state.corps.values()
            for member in corp.staff.values()
        ]
    return [
        tag("h2", f"员工 Staff · {len(rows)}"),
        _table(("姓名 Name", "userid", "企业 Corp", "客户 Customers"), rows),
    ]


def _customers(world: WecomWorld, query: Mapping[str, str]) -> list[Markup]:
    wanted, number = query.get("q", ""), query.get("page", "1")
    page = int(number) if number.isdecimal() else 1
    found, total = find_customers(world, wanted, page, PAGE_SIZE)
    search = tag(
        "form",
        tag("label", "搜索姓名或 ID Search", tag("input", type="search", name="q", value=wanted)),
        tag("button", "搜索 Search"),
        cls="fields",
        action="/",
    )
    rows = [
        (
            tag("a", each["name"], href=f"/inbox/{quote(each['external_userid'], safe='')}"),
            each["external_userid"],
            "、".join(f"{who['name']} ({who['standing']})" for who in each["staff"]),
            str(each["messages"]),
        )
        for each in found
    ]
    table = _table(("姓名 Name", "ID", "员工 Staff", "消息 Messages"), rows)
    return [tag("h2", f"客户 Customers · {total}"), search, table, _pager(wanted, page, total)]


def _pager(wanted: str, page: int, total: int) -> Markup:
    last = max(1, -(-total // PAGE_SIZE))
    steps = [("上一页 Previous", page - 1), ("下一页 Next", page + 1)]
    links = [
        tag("a", label, href=f"/?{urlencode({'q': wanted, 'page': number})}")
        for label, number in steps
        if 1 <= number <= last
    ]
    return tag("nav", tag("span", f"第 {page} / {last} 页 page", cls="soft"), *links, aria_label="分页 Pages")


def _inbox(world: WecomWorld, request: Request) -> Reply:
    person = request.path.removeprefix("/inbox/")
    with world.lock:
        known = [corp.customers[person] for corp in world.state.corps.values() if person in corp.customers]
        names = {each.userid: each.name for corp in world.state.corps.values() for each in corp.staff.values()}
    messages = world.inbox(person)
    if not known and not messages:
        return refusal("没有这位客户 There is no such customer", 404)
    title = known[0].name if known else person
    return _page(title, [tag("p", person, cls="soft"), bubbles(messages, names)])


def _faults(world: WecomWorld) -> list[Markup]:
    rows = [
        (each["path"], str(each["kind"]), str(each["times"]), str(each["skip"]), str(each["errcode"]))
        for each in world.faults.queued()
    ]
    add = tag(
        "form",
        tag("label", "路径 Path", tag("input", name="path", value="externalcontact/add_msg_template")),
        tag("label", "种类 Kind", tag("select", *(tag("option", str(kind)) for kind in FaultKind), name="kind")),
        tag("label", "次数 Times", tag("input", name="times", type="number", min="1", value="1")),
        tag("label", "errcode", tag("input", name="errcode", type="number", value="-1")),
        tag("button", "加入 Add"),
        cls="fields card",
        method="post",
        action="/faults",
    )
    clear = tag("form", tag("button", "全部清除 Clear"), method="post", action="/faults/clear")
    limits = [(name, str(value)) for name, value in rules(world, {}).items()]
    return [
        add,
        tag("h2", f"排队中 Queued · {len(rows)}"),
        _table(("路径 Path", "种类 Kind", "次数 Times", "跳过 Skip", "errcode"), rows),
        clear,
        tag("h2", "规则 Rules"),
        _table(("规则 Rule", "值 Value"), limits),
    ]


def _table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> Markup:
    head = tag("thead", tag("tr", *(tag("th", each, scope="col") for each in heads)))
    body = tag("tbody", *(tag("tr", *(tag("td", cell) for cell in row)) for row in rows))
    return tag("div", tag("table", head, body), cls="scroll")


def _page(title: str, parts: Sequence[Markup], status: int = 200) -> Reply:
    return Reply(document(title, parts).encode("utf-8", "replace"), status)
