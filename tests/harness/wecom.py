"""WeCom beside the cloud: the simulator's world answers the product's calls and sends its callbacks, in one process."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any, Self
from urllib.parse import parse_qsl, urlsplit

from urllib3.exceptions import ProtocolError, ReadTimeoutError

from infra.local.wecom.api.request import Request
from infra.local.wecom.callbacks import CallbackAnswer, CallbackDriver, Delivery
from infra.local.wecom.envelopes import CallbackRequest
from infra.local.wecom.errors import LostConnectionError
from infra.local.wecom.state.people import Account
from infra.local.wecom.world import WecomWorld
from tests.harness.cloud import Cloud
from tests.harness.web import Responder, WebAnswer, WebRequest

MAIN = Account(
    name="main",
    corp_id="wwcorp",
    secret="main-secret",
    token="main-token",
    aes_key="abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG",
)
LONGEST_WAIT = 3_600.0  # seconds, for a caller without a timeout


class WecomCloud(Cloud):
    """A cloud with one WeCom app, `main`, of the corp `wwcorp`: its secrets in SSM, its platform in `wecom`."""

    wecom: WecomWorld

    def __enter__(self) -> Self:
        """Bring up the cloud and the platform."""
        super().__enter__()
        self.wecom = WecomWorld(lambda: self.now, sleep=lambda seconds: self.advance(timedelta(seconds=seconds)))
        self.web = responder_of(self)
        self.add_account(MAIN)
        return self

    def add_account(self, account: Account) -> None:
        """Add an app on both sides: what the platform knows of it, and our secrets."""
        self.wecom.add_account(account)
        self.wecom.connect(account.name, deliver_to(self, account))
        names = {"corp_id": account.corp_id} if account.kind == "wecom" else {"appid": account.corp_id}
        secrets = {name: getattr(account, name) for name in ("kind", "token", "aes_key", "secret", "agent_id")}
        name, value = f"/chaoxi/{self.stack.name}/accounts/{account.name}", json.dumps({**names, **secrets})
        self.wiring.parameters.put({"Name": name, "Value": value, "Type": "SecureString", "Overwrite": True})


def deliver_to(cloud: Cloud, account: Account) -> Callable[[str], Delivery]:
    """Return what carries an account's events into the cloud: encrypted, tried three times, with duplicates twice."""

    def post(_url: str, request: CallbackRequest) -> CallbackAnswer:
        headers = {"Content-Type": "text/xml; charset=UTF-8", "User-Agent": "Mozilla/4.0"}
        path = f"/wechat/{account.name}"
        reply = cloud.request(request.method, path, request.body.encode(), headers, dict(request.query))
        return CallbackAnswer(reply.status, reply.text)

    credentials = (account.token, account.aes_key, account.corp_id)
    driver = CallbackDriver("", *credentials, lambda: cloud.now, kind=account.kind, transport=post)
    driver.retries_statuses = True

    def deliver(xml: str) -> Delivery:
        if cloud.delivery.duplicates:
            driver.deliver(xml)
        return driver.deliver(xml)

    return deliver


def responder_of(cloud: WecomCloud) -> Responder:
    """Return what answers HTTP calls with the platform's answers; none in time is urllib3's timeout."""

    def respond(request: WebRequest) -> WebAnswer:
        asked_at, patience = cloud.now, request.patience or LONGEST_WAIT
        try:
            answer = cloud.wecom.call(request_of(request))
        except LostConnectionError as lost:
            cloud.advance(timedelta(seconds=min(lost.hold_seconds, patience)))
            raise broken(request, lost.hold_seconds >= patience) from None
        if cloud.now - asked_at > timedelta(seconds=patience):
            raise broken(request, is_late=True)
        return WebAnswer(answer.body, answer.status, answer.content_type)

    return respond


def request_of(request: WebRequest) -> Request:
    """Return a call as the platform takes it."""
    parts = urlsplit(request.url)
    path = parts.path.removeprefix("/cgi-bin/")
    return Request(request.method, path, dict(parse_qsl(parts.query)), request.body)


def broken(request: WebRequest, is_late: bool) -> Exception:
    """Return what urllib3 raises for a call without an answer."""
    nobody: Any = None
    return ReadTimeoutError(nobody, "", "read timed out") if is_late else ProtocolError(f"{request.host} hung up")
