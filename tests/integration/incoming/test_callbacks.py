"""Callbacks of WeChat's servers, from the encrypted request to the table."""

import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from chalicelib.handlers import wechat_http
from chalicelib.models.behaviours import BehaviourRow
from chalicelib.schemas.wechat.crypto import sign
from tests.integration.incoming.conftest import Lines
from tests.integration.incoming.senders import KEY, NONCE, SENT_AT, TOKEN, WeChatServer, stored

EVENTS = Path(__file__).parents[2] / "events" / "wecom"


def refusal(answer: Any, lines: Lines) -> tuple[int, list[str]]:
    """Return the status of an answer and what was logged as reasons."""
    return answer.status, lines.reasons


def test_an_event_is_in_the_table_when_it_is_answered(wecom: WeChatServer) -> None:
    answer = wecom.add()
    assert (answer.status, answer.body) == (200, "")
    [row] = BehaviourRow.scan()
    assert (row.subject, row.kind, row.welcome_code) == ("wecom:ww1:wm1", "customer", "c1")
    assert row.value.name == "wecom.add_external_contact"
    assert row.expires_at > 1_700_000_000


def test_the_same_event_three_times_is_one_behaviour(wecom: WeChatServer) -> None:
    assert [wecom.add().status for _ in range(3)] == [200, 200, 200]
    assert [behaviour.welcome_code for behaviour in stored()] == ["c1"]


def test_the_same_event_many_times_at_once_is_one_behaviour(wecom: WeChatServer) -> None:
    with ThreadPoolExecutor(8) as pool:
        assert {answer.status for answer in pool.map(lambda _: wecom.add(), range(24))} == {200}
    assert len(stored()) == 1


def test_two_customers_added_in_the_same_second_are_both_kept(wecom: WeChatServer) -> None:
    wecom.add("wm1")
    wecom.add("wm2")
    assert {behaviour.subject for behaviour in stored()} == {"wecom:ww1:wm1", "wecom:ww1:wm2"}


@pytest.mark.parametrize("path", sorted(EVENTS.glob("*.xml")), ids=lambda path: path.stem)
def test_every_event_on_file_is_stored_and_is_not_unknown(cloud: None, path: Path) -> None:
    official = path.stem.startswith("oa_")
    server = WeChatServer("shop-oa", "wx9") if official else WeChatServer("main", "ww1")
    assert server.deliver(path.read_text()).status == 200
    [behaviour] = stored()
    assert not behaviour.name.endswith("unknown")


def test_an_unknown_event_is_kept_counted_and_answered_200(wecom: WeChatServer, counted: dict[str, Any]) -> None:
    event = "<xml><CreateTime>1700000000</CreateTime><MsgType>event</MsgType><Event>brand_new</Event></xml>"
    assert wecom.deliver(event).status == 200
    [behaviour] = stored()
    assert behaviour.properties["raw"]["Event"] == "brand_new"
    assert "UnknownEvent" in counted


def test_a_mini_programs_json_is_stored(cloud: None) -> None:
    event = {"ToUserName": "gh_1", "FromUserName": "o1", "CreateTime": 1700000000, "MsgType": "event"}
    query, body = WeChatServer("mini", "wx8").seal_json(json.dumps({**event, "Event": "user_enter_tempsession"}))
    assert wechat_http.receive("mini", query, body).status == 200
    assert [behaviour.subject for behaviour in stored()] == ["openid:wx8:o1"]


def test_the_clear_part_beside_an_encrypted_one_is_never_read(cloud: None) -> None:
    query, body = WeChatServer("mini", "wx8").seal_json(
        '{"FromUserName":"o1","CreateTime":1700000000,"MsgType":"event","Event":"subscribe"}'
    )
    both = {**json.loads(body), "FromUserName": "o2", "CreateTime": 1, "MsgType": "event", "Event": "unsubscribe"}
    assert wechat_http.receive("mini", query, json.dumps(both).encode()).status == 200
    assert [(behaviour.subject, behaviour.name) for behaviour in stored()] == [("openid:wx8:o1", "oa.subscribe")]


def test_a_clear_event_is_refused_however_it_is_signed(cloud: None, lines: Lines) -> None:
    query = {"signature": sign(TOKEN, SENT_AT, NONCE), "timestamp": SENT_AT, "nonce": NONCE}
    body = b'{"FromUserName":"o1","CreateTime":1,"MsgType":"event","Event":"subscribe"}'
    assert refusal(wechat_http.receive("mini", query, body), lines) == (400, ["clear"])


def test_the_address_of_a_corps_app_is_proved_by_decrypting(wecom: WeChatServer) -> None:
    query, envelope = wecom.seal("1616140317555161061")
    echostr = envelope.decode().split("<Encrypt><![CDATA[")[1].split("]]>")[0]
    answer = wechat_http.verify("main", {**query, "echostr": echostr})
    assert (answer.status, answer.body) == (200, "1616140317555161061")
    assert answer.headers["Content-Type"].startswith("text/plain")


def test_the_address_of_an_official_account_is_proved_by_returning_the_text(cloud: None) -> None:
    query = {"signature": sign(TOKEN, SENT_AT, NONCE), "timestamp": SENT_AT, "nonce": NONCE, "echostr": "4375120948"}
    assert wechat_http.verify("shop-oa", query).body == "4375120948"
    assert wechat_http.verify("shop-oa", {**query, "signature": "0" * 40}).status == 403
    assert wechat_http.verify("shop-oa", {**query, "echostr": ""}).status == 400
    assert wechat_http.verify("main", query).status == 403


DTD = '<!DOCTYPE x [<!ENTITY a "b">]><xml><A>&a;</A></xml>'


@pytest.mark.parametrize(
    ("body", "status", "reason"),
    [
        (b"", 400, "empty"),
        (b"\xff\xfe\x00", 400, "encoding"),
        (DTD.encode(), 400, "dtd"),
        (b"x" * (1024 * 1024 + 1), 413, "oversize"),
        (b"<xml><Encrypt>AAAA</Encrypt></xml>", 403, "signature"),
        (b"<xml><ToUserName>ww1</ToUserName></xml>", 400, "clear"),
        (b"<xml><Encrypt>", 400, "malformed"),
    ],
)
def test_a_bad_request_is_refused_logged_once_and_counted(
    cloud: None, lines: Lines, counted: dict[str, Any], body: bytes, status: int, reason: str
) -> None:
    query = {"msg_signature": "0" * 40, "timestamp": SENT_AT, "nonce": NONCE}
    assert refusal(wechat_http.receive("main", query, body), lines) == (status, [reason])
    assert counted["CallbackRefused"]["Value"] == [1.0]
    assert "ToUserName" not in lines.text
    assert stored() == []


@pytest.mark.parametrize(
    ("message", "reason"),
    [
        ("", "empty"),
        (DTD, "dtd"),
        ("hello", "malformed"),
        ("<xml><A>" + "a" * 400_000 + "</A></xml>", "oversize"),
    ],
)
def test_a_bad_message_in_a_good_envelope_is_refused(
    wecom: WeChatServer, lines: Lines, message: str, reason: str
) -> None:
    assert wecom.deliver(message).status in {400, 413}
    assert lines.reasons == [reason]


def test_a_message_for_another_corp_is_refused(cloud: None, lines: Lines) -> None:
    assert refusal(WeChatServer("main", "ww2").add(), lines) == (400, ["receive_id"])


def test_a_message_signed_with_another_token_is_refused(cloud: None, lines: Lines) -> None:
    assert refusal(WeChatServer("main", "ww1", token="other").add(), lines) == (403, ["signature"])


@pytest.mark.parametrize("account", ["nobody", "Main", "../main", "a" * 33, "", "main\n"])
def test_an_unknown_account_is_not_found(cloud: None, lines: Lines, account: str) -> None:
    assert refusal(wechat_http.receive(account, {}, b"x"), lines) == (404, ["account"])
    assert wechat_http.verify(account, {}).status == 404


@pytest.mark.parametrize("account", ["half", "short-key"])
def test_an_account_that_is_set_up_wrongly_loses_nothing(cloud: None, account: str, lines: Lines) -> None:
    answer = WeChatServer(account, "ww1").add()
    assert answer.status == 500
    assert TOKEN not in lines.text
    assert KEY not in lines.text


def test_an_event_that_cannot_be_stored_is_not_answered_200(
    wecom: WeChatServer, lines: Lines, counted: dict[str, Any]
) -> None:
    BehaviourRow.delete_table()
    assert wecom.add().status == 500
    assert len(lines.records) == 1
    assert "wm1" not in lines.text
    assert "CallbackFailed" in counted
    BehaviourRow.create_table(billing_mode="PAY_PER_REQUEST")
    assert wecom.add().status == 200
    assert len(stored()) == 1
