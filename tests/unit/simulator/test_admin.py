import http.client
import json
from dataclasses import fields
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from infra.local.wecom import FaultKind, WecomServer, WecomWorld
from infra.local.wecom.api.routes import ROUTES
from infra.local.wecom.web.admin import METHODS
from infra.local.wecom.web.views import VIEWS
from tests.unit.simulator.scene import AES_KEY, APP, CORP, FANS, LI, Clock, send


class Remote:
    """Another process that drives the world."""

    def __init__(self, server: WecomServer) -> None:
        self._address = urlsplit(server.base_url)

    def ask(self, method: str, path: str, body: bytes | None = None) -> tuple[int, Any]:
        connection = http.client.HTTPConnection(self._address.hostname or "", self._address.port, timeout=10)
        connection.request(method, f"/_sim/{path}", body)
        answer = connection.getresponse()
        status, parsed = answer.status, json.loads(answer.read())
        connection.close()
        return status, parsed

    def do(self, name: str, /, **values: Any) -> Any:
        status, answer = self.ask("POST", name, json.dumps(values).encode())
        assert status == 200, answer
        return answer["result"]

    def show(self, name: str) -> Any:
        status, answer = self.ask("GET", name)
        assert status == 200, answer
        return answer


@pytest.fixture
def remote(server: WecomServer) -> Remote:
    return Remote(server)


def test_a_demo_can_be_played_from_another_process(remote: Remote, clock: Clock, world: WecomWorld) -> None:
    remote.do("reset")
    remote.do("accounts", name=APP, corp_id=CORP, secret="s", token="tok", aes_key=AES_KEY)
    remote.do("staff", corp_id=CORP, userid=LI, name="李")
    followed = remote.do("follow", userid=LI, external_userid="wm-a", name="陈", state="shop")
    assert followed["welcome_code"]
    msgid = send(world, ["wm-a"], "早安")["msgid"]
    clock.pass_seconds(60)
    (task,) = remote.show("waiting")
    assert (task["msgid"], task["userid"], task["receivers"]) == (msgid, LI, 1)
    assert remote.do("confirm", userid=LI, msgid=msgid) == {"sent": 1, "not_a_friend": 0, "capped": 0}
    (message,) = remote.show("inbox/wm-a")
    assert (message["content"]["text"], message["source"]) == ("早安", "group_send")
    assert remote.show("stats")["messages"] == {"group_send": 1}
    assert remote.do("unfollow", userid=LI, external_userid="wm-a") == {}
    assert remote.show("stats")["relations"] == {"left": 1}


def test_policy_rules_and_faults_can_be_set(remote: Remote, world: WecomWorld) -> None:
    world.follow(LI, "wm-a")
    remote.do("rules", dispatch_delay=0, cap="day")
    assert remote.show("rules")["cap"] == "day"
    remote.do("confirm_policy", after_seconds=0, probability=1, seed=7)
    remote.do("faults", path="externalcontact/add_msg_template", kind="errcode", errcode=-1, times=2)
    assert remote.show("faults")[0]["times"] == 2
    assert send(world, ["wm-a"])["errcode"] == -1
    remote.do("faults", clear=True)
    assert send(world, ["wm-a"])["errcode"] == 0
    assert remote.show("stats")["receivers"] == {"sent": 1}
    remote.do("confirm_policy")
    send(world, ["wm-a"])
    assert remote.show("stats")["tasks_waiting"] == 1


def test_calls_and_events_are_read_from_a_position_on(remote: Remote, world: WecomWorld) -> None:
    world.follow(LI, "wm-a")
    for _ in range(3):
        send(world, ["wm-a"])
    first = remote.show("calls?limit=2")
    rest = remote.show(f"calls?from={first['next']}")
    assert (len(first["calls"]), len(rest["calls"]), rest["total"]) == (2, 1, 3)
    assert first["calls"][0]["path"] == "externalcontact/add_msg_template"
    assert remote.show("calls?path=gettoken")["calls"] == []
    (event,) = remote.show("events")["events"]
    assert "add_external_contact" in event["xml"]


def test_fans_groups_and_tags_act_too(remote: Remote, world: WecomWorld) -> None:
    remote.do("subscribe", account=FANS, openid="o-1", scene="shop")
    remote.do("write", account=FANS, openid="o-1", text="在吗")
    tag = remote.do("create_tag", corp_id=CORP, group_name="意向", name="高")
    remote.do("follow", userid=LI, external_userid="wm-a")
    remote.do("edit", userid=LI, external_userid="wm-a", add_tags=[tag])
    remote.do("create_chat", corp_id=CORP, chat_id="wr-1", owner=LI)
    assert len(world.emitted) == 6
    assert remote.show("state")["staff"][0]["customers"] == 1
    assert "secret" not in json.dumps(remote.show("state"))
    assert remote.show("customers?q=WM-A")["total"] == 1


@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [
        ("POST", "follow", b'{"userid":"li"}', 400),
        ("POST", "follow", b'{"userid":"li","external_userid":"wm-a","colour":"blue"}', 400),
        ("POST", "follow", b'{"userid":"ghost","external_userid":"wm-a"}', 400),
        ("POST", "follow", b'{"userid":"li","external_userid":7}', 400),
        ("POST", "follow", b"[]", 400),
        ("POST", "follow", b"{", 400),
        ("POST", "rules", b'{"cap":"year"}', 400),
        ("POST", "faults", b'{"path":"*","kind":"earthquake"}', 400),
        ("POST", "confirm_policy", b'{"probability":"often"}', 400),
        ("POST", "accounts", b'{"name":"x","corp_id":"","secret":""}', 400),
        ("POST", "edit", b'{"userid":"li","external_userid":"wm-none"}', 400),
        ("POST", "token", b"{}", 404),
        ("POST", "__init__", b"{}", 404),
        ("GET", "secrets", None, 404),
        ("GET", "calls?from=x", None, 400),
    ],
)
def test_what_cannot_be_done_is_said_in_one_line(
    remote: Remote, method: str, path: str, body: bytes | None, status: int
) -> None:
    answered, answer = remote.ask(method, path, body)
    assert (answered, list(answer)) == (status, ["error"])
    assert "\n" not in answer["error"]


def test_the_documentation_names_every_act_view_rule_and_endpoint(world: WecomWorld) -> None:
    text = (Path(__file__).parents[3] / "docs" / "simulator.md").read_text(encoding="utf-8")
    names = {*METHODS, *VIEWS, *(each.name for each in fields(world.rules)), *map(str, FaultKind)}
    names |= {path.removeprefix("externalcontact/") for path in ROUTES}
    assert {name for name in names if name not in text} == set()
