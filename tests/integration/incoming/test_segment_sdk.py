"""Segment's released Python SDK, with nothing changed but its host."""

from collections.abc import Iterator
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest
from segment.analytics.client import Client

from chalicelib.handlers import tracking_http
from tests.integration.incoming.conftest import rejects
from tests.integration.incoming.senders import Integrator, stored

PORT = 4621


class Gateway(BaseHTTPRequestHandler):
    """The routes of app.py, over HTTP in this process."""

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        answer = tracking_http.receive(self.path.removeprefix("/v1/"), dict(self.headers), body)
        self.send_response(answer.status)
        for name, value in answer.headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(answer.body.encode())

    def log_message(self, *_: object) -> None:
        """Stay silent."""


@pytest.fixture
def host(cloud: None) -> Iterator[str]:
    """Return where the API listens."""
    with ThreadingHTTPServer(("127.0.0.1", PORT), Gateway) as server:
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        yield f"http://127.0.0.1:{PORT}"
        server.shutdown()
        thread.join()


@pytest.mark.parametrize("gzip", [False, True])
def test_the_sdk_delivers_every_event_once(shop: Integrator, host: str, gzip: bool) -> None:
    errors: list[object] = []
    client = Client(
        shop.key, host=host, gzip=gzip, upload_interval=0.1, on_error=lambda *trouble: errors.append(trouble)
    )
    client.identify("u-0", {"name": "李四"})
    for number in range(96):
        client.track(f"u-{number}", "Article Read", {"number": number, "at": datetime.now(UTC)})
    client.page("u-0", "shop", "Mid-Autumn")
    client.group("u-0", 42, {"plan": "vip"})
    client.alias("device-1", "u-0")
    client.shutdown()
    assert errors == []
    assert rejects() == []
    assert len(stored()) == 100
    assert len({behaviour.key for behaviour in stored()}) == 100
    assert {behaviour.name for behaviour in stored()} == {"identify", "Article Read", "page", "group", "alias"}
