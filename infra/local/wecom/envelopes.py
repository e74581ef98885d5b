"""The encryption of callbacks, by wechatpy: a second opinion on the product's own code."""

import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from wechatpy.crypto import WeChatCrypto as AccountCrypto
from wechatpy.utils import WeChatSigner
from wechatpy.work.crypto import WeChatCrypto as CorpCrypto

CDATA = re.compile(r"<(\w+)><!\[CDATA\[(.*?)\]\]></\1>")


@dataclass(frozen=True)
class Sealed:
    """One encrypted text with its signature."""

    encrypt: str
    signature: str
    timestamp: str
    nonce: str


@dataclass(frozen=True)
class CallbackRequest:
    """What the platform sends: a query and, for events, an XML body."""

    method: str
    query: Mapping[str, str]
    body: str = ""


class Envelopes:
    """Seals events for one account: `kind` is `wecom`, `official_account` or `mini_program`."""

    def __init__(self, token: str, aes_key: str, receive_id: str, kind: str = "wecom") -> None:
        crypto = CorpCrypto if kind == "wecom" else AccountCrypto
        self._crypto = crypto(token, aes_key, receive_id)
        self._token = token
        self._receive_id = receive_id
        self._is_corp = kind == "wecom"

    def event(self, xml: str, now: datetime, openid: str = "") -> CallbackRequest:
        """Return the POST that carries an event; nonce and random bytes differ each time."""
        sealed = self.seal(xml, now)
        body = f"<xml>{_cdata('ToUserName', self._receive_id)}{_cdata('Encrypt', sealed.encrypt)}"
        if self._is_corp:
            body += _cdata("AgentID", "")
        query = {"msg_signature": sealed.signature, "timestamp": sealed.timestamp, "nonce": sealed.nonce}
        if not self._is_corp:
            query |= {"signature": self._plain_signature(sealed), "openid": openid, "encrypt_type": "aes"}
        return CallbackRequest("POST", query, f"{body}</xml>")

    def verification(self, echo: str, now: datetime) -> CallbackRequest:
        """Return the GET that checks the URL: it must be answered with `echo`."""
        sealed = self.seal(echo, now)
        query = {"timestamp": sealed.timestamp, "nonce": sealed.nonce}
        if self._is_corp:
            return CallbackRequest("GET", query | {"msg_signature": sealed.signature, "echostr": sealed.encrypt})
        return CallbackRequest("GET", query | {"signature": self._plain_signature(sealed), "echostr": echo})

    def seal(self, text: str, now: datetime) -> Sealed:
        """Encrypt and sign."""
        timestamp, nonce = str(int(now.timestamp())), str(10**9 + secrets.randbelow(10**9))
        reply = dict(CDATA.findall(self._crypto.encrypt_message(text, nonce, timestamp)))
        return Sealed(reply["Encrypt"], reply["MsgSignature"], timestamp, nonce)

    def open(self, encrypt: str, signature: str, timestamp: str, nonce: str) -> str:
        """Check and decrypt, as the platform does with a passive reply. Raises wechatpy's exceptions."""
        text: str = self._crypto.decrypt_message({"Encrypt": encrypt}, signature, timestamp, nonce)
        return text

    def _plain_signature(self, sealed: Sealed) -> str:
        signer = WeChatSigner()
        signer.add_data(self._token, sealed.timestamp, sealed.nonce)
        return str(signer.signature)


def _cdata(name: str, value: str) -> str:
    return f"<{name}><![CDATA[{value}]]></{name}>"
