"""HTTP calls on their way out: urllib3 is the one HTTP client of the product, and every attempt passes here."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from ssl import SSLContext
from typing import Any
from urllib.parse import urlsplit

from urllib3 import HTTPResponse
from urllib3.connectionpool import HTTPConnectionPool

from tests.harness.remote import ATTACHED, Call


@dataclass(frozen=True)
class WebRequest:
    """One attempt: `url` is the path with its query, `patience` how many seconds the caller waits for the answer."""

    host: str
    method: str
    url: str
    body: bytes
    headers: dict[str, str]
    patience: float | None


@dataclass(frozen=True)
class WebAnswer:
    """What a responder says."""

    body: bytes
    status: int = 200
    content_type: str = "application/json"


Responder = Callable[[WebRequest], WebAnswer]
"""Stands where a remote host stands. May raise what urllib3 raises when there is no answer."""


@contextmanager
def intercepted(respond: Callable[[], Responder | None]) -> Iterator[None]:
    """Number every HTTP attempt, and let `respond()` answer it if that gives a responder."""
    real, read_certificates = HTTPConnectionPool.urlopen, SSLContext.load_default_certs

    def urlopen(pool: Any, method: str, url: str, *args: Any, **kwargs: Any) -> Any:
        call = Call("http", method, urlsplit(url).path)
        if ATTACHED:
            ATTACHED[-1].before(call)
        try:
            if responder := respond():
                return answered(responder, pool, method, url, kwargs)
            return real(pool, method, url, *args, **kwargs)
        finally:
            if ATTACHED:
                ATTACHED[-1].after(call)

    HTTPConnectionPool.urlopen = urlopen  # type: ignore[method-assign, assignment]
    SSLContext.load_default_certs = trust_nobody  # type: ignore[method-assign, assignment]
    try:
        yield
    finally:
        HTTPConnectionPool.urlopen = real  # type: ignore[method-assign]
        SSLContext.load_default_certs = read_certificates  # type: ignore[method-assign]


def trust_nobody(_context: SSLContext, _purpose: object = None) -> None:
    """Read no certificates: nothing leaves the process, and every cold start would spend 50 ms on them."""


def answered(responder: Responder, pool: Any, method: str, url: str, kwargs: dict[str, Any]) -> HTTPResponse:
    """Ask a responder and dress its answer as urllib3's."""
    patience = getattr(kwargs.get("timeout"), "read_timeout", None)
    headers = dict(kwargs.get("headers") or {})
    request = WebRequest(pool.host, method, url, kwargs.get("body") or b"", headers, patience)
    answer = responder(request)
    headers = {"Content-Type": answer.content_type}
    return HTTPResponse(body=BytesIO(answer.body), status=answer.status, headers=headers, preload_content=True)
