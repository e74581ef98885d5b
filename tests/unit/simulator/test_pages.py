import http.client
from html.parser import HTMLParser
from urllib.parse import quote, urlencode, urlsplit

import pytest

from infra.local.wecom import WecomServer, WecomWorld
from tests.unit.simulator.scene import APP, LI, Clock, send

NASTY = "<script>alert('潮')</script>\"&"


class Seen(HTMLParser):
    """What a browser would make of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.elements: list[str] = []
        self.addresses: list[str] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append(tag)
        self.addresses += [value or "" for name, value in attrs if name in ("href", "src", "action")]

    def handle_data(self, data: str) -> None:
        self.text += data


def fetch(server: WecomServer, path: str, form: dict[str, str] | None = None) -> tuple[int, Seen, str]:
    parts = urlsplit(server.base_url)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=10)
    connection.request("GET" if form is None else "POST", path, None if form is None else urlencode(form))
    answer = connection.getresponse()
    seen = Seen()
    seen.feed(answer.read().decode())
    connection.close()
    return answer.status, seen, answer.getheader("Location") or ""


def greet(world: WecomWorld, code: str, **content: object) -> None:
    assert world.post(APP, "externalcontact/send_welcome_msg", {"welcome_code": code, **content})["errcode"] == 0


def test_names_and_texts_with_markup_are_shown_as_text(server: WecomServer, world: WecomWorld) -> None:
    customer = "wm-<b>/1"
    code = world.follow(LI, customer, NASTY).welcome_code
    link = {"title": NASTY, "desc": NASTY, "url": 'https://x.test/?a="><script>'}
    greet(world, code, text={"content": NASTY}, attachments=[{"msgtype": "link", "link": link}])
    send(world, [customer], NASTY)
    inbox = f"/inbox/{quote(customer, safe='')}"
    for path in ("/", f"/?q={quote(NASTY)}", "/faults"):
        _, seen, _ = fetch(server, path)
        assert "script" not in seen.elements
    assert NASTY in fetch(server, "/")[1].text
    assert inbox in fetch(server, "/")[1].addresses
    status, seen, _ = fetch(server, inbox)
    assert (status, "script" in seen.elements, seen.text.count(NASTY) >= 4) == (200, False, True)


def test_an_inbox_shows_bubbles_and_cards_and_loads_nothing_from_elsewhere(
    server: WecomServer, world: WecomWorld
) -> None:
    code = world.follow(LI, "wm-a", "陈女士").welcome_code
    card = {"title": "预约看海", "desc": "周六", "url": "https://x.test/a", "picurl": "https://x.test/p.png"}
    greet(world, code, text={"content": "你好"}, attachments=[{"msgtype": "link", "link": card}])
    status, seen, _ = fetch(server, "/inbox/wm-a")
    assert status == 200
    for text in ("陈女士", "李", "你好", "预约看海", "欢迎语"):
        assert text in seen.text
    assert not {"img", "script", "iframe"} & set(seen.elements)
    assert [each for each in seen.addresses if "//" in each] == ["https://x.test/a"], "a link to follow by hand"


def test_a_waiting_group_send_is_confirmed_by_its_button(server: WecomServer, world: WecomWorld, clock: Clock) -> None:
    world.follow(LI, "wm-a")
    msgid = send(world, ["wm-a"], "早安")["msgid"]
    assert "派发中" in fetch(server, "/")[1].text
    assert fetch(server, "/confirm", {"userid": LI, "msgid": msgid})[0] == 400
    clock.pass_seconds(60)
    assert "确认发送" in fetch(server, "/")[1].text
    assert fetch(server, "/confirm", {"userid": LI, "msgid": msgid})[::2] == (303, "/")
    assert len(world.inbox("wm-a")) == 1
    assert "没有待确认" in fetch(server, "/")[1].text


def test_customers_are_searched_and_paged(server: WecomServer, world: WecomWorld) -> None:
    for number in range(120):
        world.follow(LI, f"wm-{number:03}", f"客户{number:03}")
    first, last = fetch(server, "/")[1], fetch(server, "/?page=3")[1]
    assert ("客户119" in first.text, "客户000" in first.text) == (True, False)
    assert "客户000" in last.text
    assert "第 3 / 3 页" in last.text
    found = fetch(server, "/?q=wm-01")[1].text
    assert ("客户012" in found, "客户020" in found) == (True, False)
    assert fetch(server, "/?page=x")[0] == fetch(server, "/?page=0")[0] == fetch(server, "/?page=99")[0] == 200


def test_faults_are_queued_and_cleared_by_form(server: WecomServer, world: WecomWorld) -> None:
    form = {"path": "gettoken", "kind": "errcode", "times": "2", "errcode": "-1"}
    assert fetch(server, "/faults", form)[::2] == (303, "/faults")
    assert "gettoken" in fetch(server, "/faults")[1].text
    assert fetch(server, "/faults", form | {"times": "many"})[0] == 400
    assert fetch(server, "/faults", form | {"kind": "x"})[0] == 400
    fetch(server, "/faults/clear", {})
    assert world.faults.queued() == []


@pytest.mark.parametrize("path", ["/nowhere", "/inbox/", "/inbox/wm-ghost", "/../secret"])
def test_pages_that_are_not_there_say_so(server: WecomServer, path: str) -> None:
    status, seen, _ = fetch(server, path)
    assert (status, "h1" in seen.elements) == (404, True)
