"""Who sends: WeChat's servers by an independent implementation of their encryption, and an integrator."""

import json
import time
from base64 import b64encode
from dataclasses import dataclass
from typing import Any

from wechatpy.crypto import WeChatCrypto
from wechatpy.work.crypto import WeChatCrypto as WorkCrypto

from chalicelib.domain.behaviour import Behaviour
from chalicelib.handlers import tracking_http, wechat_http
from chalicelib.handlers.answer import Answer
from chalicelib.models.behaviours import BehaviourRow
from chalicelib.schemas.wechat.body import parse_body

TOKEN = "QDG6eK"
KEY = "jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C"
SENT_AT, NONCE = str(int(time.time())), "263014780"


@dataclass(frozen=True)
class WeChatServer:
    """WeChat's side of one account."""

    account: str
    receive_id: str
    token: str = TOKEN

    @property
    def crypto(self) -> Any:
        kind = WorkCrypto if self.receive_id.startswith("ww") else WeChatCrypto
        return kind(self.token, KEY, self.receive_id)

    def seal(self, message: str) -> tuple[dict[str, str], bytes]:
        envelope = self.crypto.encrypt_message(message, NONCE, SENT_AT)
        signature = parse_body(envelope.encode())["MsgSignature"]
        return {"msg_signature": signature, "timestamp": SENT_AT, "nonce": NONCE}, envelope.encode()

    def seal_json(self, message: str) -> tuple[dict[str, str], bytes]:
        query, envelope = self.seal(message)
        body = {"ToUserName": "gh_1", "Encrypt": parse_body(envelope)["Encrypt"]}
        return {**query, "openid": "o1", "encrypt_type": "aes", "signature": "0"}, json.dumps(body).encode()

    def deliver(self, message: str) -> Answer:
        query, body = self.seal(message)
        return wechat_http.receive(self.account, query, body)

    def add(self, customer: str = "wm1", welcome_code: str = "c1", at: int = 1700000000) -> Answer:
        return self.deliver(
            f"<xml><ToUserName>{self.receive_id}</ToUserName><FromUserName>sys</FromUserName>"
            f"<CreateTime>{at}</CreateTime><MsgType>event</MsgType><Event>change_external_contact</Event>"
            f"<ChangeType>add_external_contact</ChangeType><UserID>li</UserID>"
            f"<ExternalUserID>{customer}</ExternalUserID><WelcomeCode>{welcome_code}</WelcomeCode></xml>"
        )


@dataclass(frozen=True)
class Integrator:
    """A shop that sends behaviours."""

    key: str

    @property
    def headers(self) -> dict[str, str]:
        return {"authorization": "Basic " + b64encode(f"{self.key}:".encode()).decode()}

    def send(self, kind: str, fields: Any) -> tuple[int, dict[str, Any]]:
        answer = tracking_http.receive(kind, self.headers, json.dumps(fields).encode())
        return answer.status, json.loads(answer.body)


def stored() -> list[Behaviour]:
    """Return every behaviour that is in the table, in order of time."""
    return sorted((row.value for row in BehaviourRow.scan()), key=lambda behaviour: behaviour.position)
