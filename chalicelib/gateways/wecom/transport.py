"""HTTP to WeCom: one attempt a call, and an exact account of how it failed.

No exception text carries a URL: tokens and secrets travel in the query.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from ssl import create_default_context
from typing import Any, Protocol
from urllib.parse import urlencode

from urllib3 import BaseHTTPResponse, PoolManager, ProxyManager, Timeout
from urllib3.exceptions import ConnectTimeoutError, HTTPError, NewConnectionError, ProxyError

from chalicelib import metering
from chalicelib.gateways.wecom.trouble import NoAnswerError, NotSentError

CONNECT_SECONDS = 3.0
READ_SECONDS = 5.0
CONNECTIONS = 10
NEVER_LEFT = (ConnectTimeoutError, NewConnectionError)
HEADERS = {"Content-Type": "application/json; charset=utf-8"}


@dataclass(frozen=True)
class Request:
    """One call: `api` is the path after `/cgi-bin/`, e.g. `externalcontact/get`.

    `patience` is how many seconds the answer may take. `once`: the platform would do it again if asked again.
    """

    api: str
    query: Mapping[str, str] = field(repr=False, default_factory=dict)
    body: bytes | None = field(repr=False, default=None)
    patience: float = READ_SECONDS
    once: bool = False


class Transport(Protocol):
    """Whatever carries a request to the platform."""

    def __call__(self, request: Request) -> bytes:
        """Return the answer's body. Raises NotSentError or NoAnswerError."""


class HttpTransport:
    """A pool of connections to one host, straight or through a proxy."""

    def __init__(self, base_url: str, proxy_url: str = "") -> None:
        self.base_url = base_url.rstrip("/")
        # One context for all connections: to read the system's certificates takes longer than a welcome should.
        kept: dict[str, Any] = {"maxsize": CONNECTIONS, "ssl_context": create_default_context()}
        self.pool = ProxyManager(proxy_url, **kept) if proxy_url else PoolManager(**kept)

    def __call__(self, request: Request) -> bytes:
        """Send a request, once."""
        if request.once:
            # A connection that died while the function was frozen would look like a call without an answer.
            self.pool.clear()
        metering.called("wecom", request.api, bytes_out=len(request.body or b""))
        try:
            response = self.send(request)
        except HTTPError as error:
            raise trouble_of(request.api, error) from None
        if response.status != 200:
            raise NoAnswerError(f"{request.api}: status {response.status}")
        return response.data

    def send(self, request: Request) -> BaseHTTPResponse:
        """Make the call; a request with a body is a POST."""
        return self.pool.request(
            "GET" if request.body is None else "POST",
            f"{self.base_url}/cgi-bin/{request.api}?{urlencode(request.query)}",
            body=request.body,
            headers=HEADERS,
            timeout=Timeout(connect=CONNECT_SECONDS, read=request.patience),
            retries=False,
            redirect=False,
        )


def trouble_of(api: str, error: HTTPError) -> NotSentError | NoAnswerError:
    """Return what a failed attempt means. A proxy that cannot be reached has passed nothing on."""
    cause = error.original_error if isinstance(error, ProxyError) else error
    kind = NotSentError if isinstance(cause, NEVER_LEFT) else NoAnswerError
    return kind(f"{api}: {type(cause).__name__}")
