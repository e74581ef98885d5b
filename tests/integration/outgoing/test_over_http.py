"""The client against the platform's stand-in, over real sockets."""

import logging
import socket
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from chalicelib.domain.playbook.content import Content
from chalicelib.errors import ChaoxiError
from chalicelib.gateways.wecom.client import WeComApp
from chalicelib.gateways.wecom.contacts import read_contact
from chalicelib.gateways.wecom.group_sends import create_group_send, list_group_sends, outcomes_of
from chalicelib.gateways.wecom.tokens import Tokens
from chalicelib.gateways.wecom.transport import HttpTransport, Request
from chalicelib.gateways.wecom.trouble import NoAnswerError, NotSentError
from chalicelib.gateways.wecom.welcome import send_welcome
from infra.local.wecom.state.people import Account
from infra.local.wecom.web.server import WecomServer
from infra.local.wecom.world import WecomWorld
from tests.unit.outgoing.shared_tokens import SharedTokens

TEXT = Content(text="今晚八点直播")
GET_CONTACT = "externalcontact/get"


def now() -> datetime:
    return datetime.now(UTC)


@pytest.fixture
def world() -> WecomWorld:
    world = WecomWorld(now)
    world.add_account(Account("main", "wwcorp", "top-secret"))
    world.add_staff("wwcorp", "zhangsan")
    world.change_rules({"dispatch_delay": 0, "hang": 2})
    return world


@pytest.fixture
def server(world: WecomWorld) -> Iterator[str]:
    with WecomServer(world) as server:
        yield server.base_url


def app_at(base_url: str, proxy_url: str = "") -> WeComApp:
    tokens = Tokens(SharedTokens(), now, lambda _: None)
    return WeComApp("main", "wwcorp", "top-secret", HttpTransport(base_url, proxy_url), tokens)


@pytest.fixture
def app(server: str) -> WeComApp:
    return app_at(server)


def test_a_customer_is_read_and_greeted(world: WecomWorld, app: WeComApp) -> None:
    code = world.follow("zhangsan", "wm1", "李四", "vip-3", unionid="o-1").welcome_code
    read = read_contact(app, "wm1", patience=2)
    assert (read.external_contact.name, read.external_contact.unionid) == ("李四", "o-1")
    assert read.follower("zhangsan").state == "vip-3"
    send_welcome(app, code, TEXT, patience=2)
    assert [message.content.text for message in world.inbox("wm1")] == ["今晚八点直播"]


def test_a_group_send_is_made_listed_and_its_results_read_page_by_page(world: WecomWorld, app: WeComApp) -> None:
    customers = [f"wm{number}" for number in range(1100)]
    for customer in customers:
        world.follow("zhangsan", customer)
    made = create_group_send(app, "zhangsan", [*customers, "wm-gone"], TEXT)
    assert made.fail_list == ("wm-gone",)
    listed = list(list_group_sends(app, now() - timedelta(minutes=1), now() + timedelta(minutes=1)))
    assert [(each.msgid, each.text.content) for each in listed] == [(made.msgid, "今晚八点直播")]
    assert outcomes_of(app, made.msgid, "zhangsan") == {}
    world.confirm_all("zhangsan")
    outcomes = outcomes_of(app, made.msgid, "zhangsan")
    assert {outcome.status for outcome in outcomes.values()} == {1}
    assert set(outcomes) == set(customers)


@pytest.mark.parametrize("kind", ["timeout_before", "drop_after", "garbage", "http_500"])
def test_a_call_without_a_readable_answer_may_have_been_accepted(world: WecomWorld, app: WeComApp, kind: str) -> None:
    world.follow("zhangsan", "wm1")
    world.faults.add(GET_CONTACT, kind)
    with pytest.raises(NoAnswerError):
        read_contact(app, "wm1", patience=0.3)


def test_an_answer_that_takes_longer_than_our_patience_is_none(world: WecomWorld, app: WeComApp) -> None:
    world.follow("zhangsan", "wm1")
    world.faults.add(GET_CONTACT, "slow", seconds=1.0)
    with pytest.raises(NoAnswerError):
        read_contact(app, "wm1", patience=0.2)


def test_a_call_that_nobody_listens_to_was_not_sent() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with pytest.raises(NotSentError):
        read_contact(app_at(f"http://127.0.0.1:{port}"), "wm1", patience=1)
    with pytest.raises(NotSentError):
        read_contact(app_at("http://wecom.example", f"http://127.0.0.1:{port}"), "wm1", patience=1)


def test_a_host_without_an_address_was_not_sent_to() -> None:
    with pytest.raises(NotSentError):
        read_contact(app_at("http://wecom.invalid"), "wm1", patience=1)


def test_a_connection_that_was_cut_meanwhile_costs_a_once_only_call_nothing(world: WecomWorld) -> None:
    with WecomServer(world) as first:
        transport = HttpTransport(first.base_url)
        query = {"corpid": "wwcorp", "corpsecret": "top-secret"}
        transport(Request("gettoken", query))
        pooled = transport.pool.connection_from_url(first.base_url)
        assert pooled.num_connections == 1
        transport(Request("gettoken", query, once=True))
        assert transport.pool.connection_from_url(first.base_url) is not pooled


def test_chinese_goes_out_unescaped_and_nothing_secret_is_logged_or_raised(
    world: WecomWorld, app: WeComApp, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.INFO)
    world.follow("zhangsan", "wm1")
    create_group_send(app, "zhangsan", ["wm1"], TEXT)
    world.faults.add("externalcontact/add_msg_template", "errcode", errcode=60020)
    world.faults.add("externalcontact/add_msg_template", "timeout_before")
    told: list[Any] = [repr(app)]
    for _ in range(2):
        try:
            create_group_send(app, "zhangsan", ["wm1"], TEXT)
        except ChaoxiError as error:
            told.append(repr(error))
    heard = "".join(map(str, told)) + caplog.text + "".join(capsys.readouterr())
    assert "top-secret" not in heard
    assert world.token("main") not in heard
