"""The world behind HTTP: the platform's API under /cgi-bin, the pages, and the interface of whoever drives it."""

import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self
from urllib.parse import parse_qsl, unquote, urlsplit

from infra.local.wecom.api.request import Request
from infra.local.wecom.errors import LostConnectionError, SimulatorError
from infra.local.wecom.web import admin, pages
from infra.local.wecom.web.reply import Reply
from infra.local.wecom.world import WecomWorld

LARGEST_BODY = 25 * 1024 * 1024
IDLE_SECONDS = 60
SAFETY = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store",
}


class WecomServer:
    """A server for one world: `with WecomServer(world) as server: server.base_url`. Port 0 takes a free one."""

    def __init__(self, world: WecomWorld, host: str = "127.0.0.1", port: int = 0) -> None:
        """Bind at once; OSError when the port is taken."""
        self._http = _Listener((host, port), world)
        self._thread = threading.Thread(target=self._http.serve_forever, args=(0.1,), name="wecom", daemon=True)

    @property
    def base_url(self) -> str:
        """Where it listens, without a path."""
        host, port = self._http.server_address[:2]
        return f"http://{host!s}:{port}"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._http.closing.set()
        self._http.shutdown()
        self._http.server_close()


class _Listener(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 256
    allow_reuse_address = True

    def __init__(self, address: tuple[str, int], world: WecomWorld) -> None:
        self.world = world
        self.closing = threading.Event()
        super().__init__(address, _Handler)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing of callers who hung up: they gave up waiting, as some tests mean them to."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


class _Handler(BaseHTTPRequestHandler):
    server: _Listener
    protocol_version = "HTTP/1.1"
    timeout = IDLE_SECONDS
    # Without this, small answers wait for the client's delayed acknowledgement: 40 ms each.
    disable_nagle_algorithm = True
    wbufsize = -1

    def do_GET(self) -> None:
        """Serve."""
        self._serve("GET")

    def do_POST(self) -> None:
        """Serve."""
        self._serve("POST")

    def log_message(self, *args: Any, **named: Any) -> None:
        """Stay silent: the world keeps its own log of calls."""

    def _serve(self, method: str) -> None:
        length = self.headers.get("Content-Length") or "0"
        is_chunked = "Transfer-Encoding" in self.headers
        if is_chunked or not length.isdecimal() or int(length) > LARGEST_BODY:
            self.close_connection = True
            self._send(Reply(b"a body needs a length, of at most 25 MB", 411 if is_chunked else 413, "text/plain"))
            return
        try:
            self._send(_reply(self.server.world, self._request(method, self.rfile.read(int(length)))))
        except LostConnectionError as lost:
            self.server.closing.wait(lost.hold_seconds)
            self.close_connection = True

    def _request(self, method: str, body: bytes) -> Request:
        parts = urlsplit(self.path)
        query = dict(parse_qsl(parts.query, keep_blank_values=True))
        kind = self.headers.get("Content-Type") or "application/json"
        return Request(method, unquote(parts.path), query, body, kind, str(self.client_address[0]))

    def _send(self, reply: Reply) -> None:
        self.send_response(reply.status)
        own = {"Content-Type": reply.content_type, "Content-Length": str(len(reply.body))}
        for name, value in (SAFETY | own | dict(reply.headers)).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(reply.body)


def _reply(world: WecomWorld, request: Request) -> Reply:
    if request.path.startswith("/cgi-bin/"):
        path = request.path.removeprefix("/cgi-bin/")
        answer = world.call(
            Request(request.method, path, request.query, request.body, request.content_type, request.address)
        )
        return Reply(answer.body, answer.status, answer.content_type)
    if request.path.startswith("/_sim/"):
        return admin.reply(world, request)
    try:
        return pages.reply(world, request)
    except SimulatorError as error:
        return pages.refusal(str(error))
