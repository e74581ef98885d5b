import http.client
import json
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlsplit

import pytest

from infra.local.wecom import Account, WecomServer, WecomWorld
from tests.unit.simulator.scene import AES_KEY, APP, CORP, LI, Clock


def exchange(
    server: WecomServer, method: str, path: str, body: bytes | None = None, **headers: str
) -> tuple[int, bytes]:
    parts = urlsplit(server.base_url)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=10)
    try:
        connection.request(method, path, body, headers)
        answer = connection.getresponse()
        return answer.status, answer.read()
    finally:
        connection.close()


def call(server: WecomServer, path: str, body: Any = None) -> Any:
    method = "GET" if body is None else "POST"
    data = None if body is None else json.dumps(body, ensure_ascii=False).encode()
    status, answer = exchange(server, method, path, data)
    assert status == 200
    return json.loads(answer)


def test_the_platform_speaks_http_with_status_200_even_for_errors(server: WecomServer) -> None:
    token = call(server, f"/cgi-bin/gettoken?corpid={CORP}&corpsecret=secret-tide")["access_token"]
    assert call(server, f"/cgi-bin/externalcontact/list?access_token={token}&userid={LI}")["errcode"] == 84061
    made = call(
        server,
        f"/cgi-bin/externalcontact/add_corp_tag?access_token={token}",
        {"group_name": "意向", "tag": [{"name": "高"}]},
    )
    assert made["tag_group"]["group_name"] == "意向"
    assert call(server, "/cgi-bin/getcallbackip?access_token=" + token)["ip_list"][0] == "127.0.0.1"


def test_one_connection_carries_many_calls(server: WecomServer, world: WecomWorld) -> None:
    parts = urlsplit(server.base_url)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=10)
    for _ in range(3):
        connection.request("GET", f"/cgi-bin/getcallbackip?access_token={world.token(APP)}")
        assert json.loads(connection.getresponse().read())["errcode"] == 0
    connection.close()


def test_a_dropped_call_gets_no_answer_though_it_had_its_effect(server: WecomServer, world: WecomWorld) -> None:
    world.follow(LI, "wm-a")
    world.faults.add("externalcontact/add_msg_template", "drop_after")
    body = json.dumps({"sender": LI, "text": {"content": "hi"}}).encode()
    with pytest.raises(http.client.RemoteDisconnected):
        exchange(server, "POST", f"/cgi-bin/externalcontact/add_msg_template?access_token={world.token(APP)}", body)
    assert len(world.waiting()) == 1


def test_a_hanging_call_is_closed_without_an_answer(server: WecomServer, world: WecomWorld) -> None:
    world.change_rules({"hang": 0.2})
    world.faults.add("getcallbackip", "timeout_before")
    began = time.monotonic()
    with pytest.raises(http.client.RemoteDisconnected):
        exchange(server, "GET", f"/cgi-bin/getcallbackip?access_token={world.token(APP)}")
    assert time.monotonic() - began >= 0.2


def test_a_server_with_a_hanging_call_still_closes_at_once(world: WecomWorld) -> None:
    world.faults.add("getcallbackip", "timeout_before")
    with WecomServer(world) as server:
        path = f"/cgi-bin/getcallbackip?access_token={world.token(APP)}"
        waiting = threading.Thread(target=_ignored, args=(server, path))
        waiting.start()
        while not world.calls:
            time.sleep(0.01)
        began = time.monotonic()
    waiting.join(5)
    assert time.monotonic() - began < 5


def _ignored(server: WecomServer, path: str) -> None:
    with pytest.raises((http.client.HTTPException, OSError)):
        exchange(server, "GET", path)


def test_a_body_without_a_length_or_beyond_the_limit_is_refused(server: WecomServer) -> None:
    assert exchange(server, "POST", "/cgi-bin/media/upload", b"", **{"Content-Length": str(26 * 1024 * 1024)})[0] == 413
    chunked = exchange(server, "POST", "/cgi-bin/media/upload", b"0\r\n\r\n", **{"Transfer-Encoding": "chunked"})
    assert chunked[0] == 411


def test_a_port_that_is_taken_is_an_os_error(server: WecomServer, world: WecomWorld) -> None:
    port = urlsplit(server.base_url).port or 0
    with pytest.raises(OSError, match="in use"):
        WecomServer(world, port=port)


class _Product(BaseHTTPRequestHandler):
    bodies: list[bytes] = []  # noqa: RUF012  # one product, one test

    def do_POST(self) -> None:
        self.bodies.append(self.rfile.read(int(self.headers["Content-Length"])))
        self.send_response(200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *args: Any, **named: Any) -> None:
        """Stay silent."""


@pytest.fixture
def product() -> Iterator[str]:
    listener = ThreadingHTTPServer(("127.0.0.1", 0), _Product)
    threading.Thread(target=listener.serve_forever, args=(0.05,), daemon=True).start()
    yield f"http://127.0.0.1:{listener.server_port}/wechat/tide"
    listener.shutdown()
    listener.server_close()


def test_an_account_with_a_callback_url_gets_its_events_over_http(product: str, clock: Clock) -> None:
    world = WecomWorld(clock)
    world.add_account(Account(APP, CORP, "s", token="tok", aes_key=AES_KEY, callback_url=product))
    world.add_staff(CORP, LI)
    followed = world.follow(LI, "wm-a")
    assert followed.deliveries[APP].is_accepted
    assert b"<Encrypt>" in _Product.bodies[-1]


def test_a_product_that_is_not_there_is_tried_three_times(clock: Clock) -> None:
    world = WecomWorld(clock)
    url = "http://127.0.0.1:9/wechat/tide"
    world.add_account(Account(APP, CORP, "s", token="tok", aes_key=AES_KEY, callback_url=url))
    world.add_staff(CORP, LI)
    delivery = world.follow(LI, "wm-a").deliveries[APP]
    assert (delivery.status, delivery.attempts) == (0, 3)
