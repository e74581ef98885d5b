"""Delivering events to the product, with the platform's patience: five seconds, three attempts."""

import http.client
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode, urlsplit

from infra.local.wecom.envelopes import CallbackRequest, Envelopes
from infra.local.wecom.state.people import Account

ATTEMPTS = 3
PATIENCE_SECONDS = 5.0
OPENID = re.compile(r"<FromUserName><!\[CDATA\[(.*?)\]\]></FromUserName>")


@dataclass(frozen=True)
class CallbackAnswer:
    """What the product said."""

    status: int
    body: str


@dataclass(frozen=True)
class Delivery:
    """How one event fared. `status` is 0 when no attempt was answered; `error` says why."""

    status: int
    body: str
    attempts: int
    error: str = ""

    @property
    def is_accepted(self) -> bool:
        """Whether the product took the event."""
        return self.status == 200


Transport = Callable[[str, CallbackRequest], CallbackAnswer]
"""Takes a URL and a request; raises OSError when there is no answer."""


class CallbackDriver:
    """The platform's side of one account's callback URL."""

    def __init__(
        self,
        url: str,
        token: str,
        aes_key: str,
        receive_id: str,
        now: Callable[[], datetime],
        *,
        kind: str = "wecom",
        transport: Transport | None = None,
    ) -> None:
        self._url = url
        self._envelopes = Envelopes(token, aes_key, receive_id, kind)
        self._now = now
        self._transport = transport or post
        self.retries_statuses = False
        """Whether a status other than 200 is tried again too: the documentation contradicts itself."""

    @classmethod
    def of(cls, account: Account, now: Callable[[], datetime]) -> "CallbackDriver":
        """Return the driver of an account that has a callback URL."""
        url, token, aes_key = account.callback_url, account.token, account.aes_key
        return cls(url, token, aes_key, account.corp_id, now, kind=account.kind)

    def request(self, xml: str) -> CallbackRequest:
        """Return the request that would carry an event, for a harness that delivers it itself."""
        found = OPENID.search(xml)
        return self._envelopes.event(xml, self._now(), found.group(1) if found else "")

    def deliver(self, xml: str) -> Delivery:
        """Post an event; no answer in time or no connection is tried again, sealed anew."""
        return self._attempt(lambda: self.request(xml))

    def verify(self, echo: str = "4375120948345356249") -> Delivery:
        """Check the URL as the console does when it is saved; the answer must be exactly `echo`."""
        delivery = self._attempt(lambda: self._envelopes.verification(echo, self._now()))
        if delivery.is_accepted and delivery.body != echo:
            return Delivery(delivery.status, delivery.body, delivery.attempts, "echostr was not answered")
        return delivery

    def _attempt(self, request: Callable[[], CallbackRequest]) -> Delivery:
        last = Delivery(0, "", 0)
        for attempt in range(1, ATTEMPTS + 1):
            try:
                answer = self._transport(self._url, request())
            except OSError as error:
                last = Delivery(0, "", attempt, str(error) or type(error).__name__)
                continue
            last = Delivery(answer.status, answer.body, attempt)
            if answer.status == 200 or not self.retries_statuses:
                break
        return last


def post(url: str, request: CallbackRequest) -> CallbackAnswer:
    """Send a callback over HTTP. Raises OSError when no answer came in five seconds."""
    parts = urlsplit(url)
    secure = parts.scheme == "https"
    connection_type = http.client.HTTPSConnection if secure else http.client.HTTPConnection
    connection = connection_type(parts.hostname or "", parts.port, timeout=PATIENCE_SECONDS)
    try:
        target = f"{parts.path or '/'}?{urlencode(request.query)}"
        headers = {"Content-Type": "text/xml; charset=UTF-8", "User-Agent": "Mozilla/4.0"}
        connection.request(request.method, target, request.body.encode(), headers)
        answer = connection.getresponse()
        return CallbackAnswer(answer.status, answer.read().decode("utf-8", "replace"))
    except http.client.HTTPException as error:
        raise ConnectionError(str(error) or type(error).__name__) from error
    finally:
        connection.close()
