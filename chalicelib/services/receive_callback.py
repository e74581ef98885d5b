"""Take in what WeChat reports."""

from collections.abc import Callable, Mapping
from datetime import datetime

from chalicelib.domain.behaviour import Behaviour
from chalicelib.gateways.accounts import Account
from chalicelib.models.behaviours import BehaviourRow
from chalicelib.schemas.wechat.body import ciphertext_in, parse_body
from chalicelib.schemas.wechat.crypto import Codec, Sealed, check
from chalicelib.schemas.wechat.event import Origin
from chalicelib.schemas.wechat.events import read_event
from chalicelib.schemas.wechat.refused import RefusedCallbackError

Query = Mapping[str, str]

# An item of DynamoDB holds 400 KB, and the keys and the attributes beside the document need some.
MAX_DOCUMENT = 380 * 1024


def verify_callback(account: Account, query: Query) -> str:
    """Return what proves to WeChat that the address is ours, when its console checks the address.

    A corp's challenge is encrypted; an Official Account's or a mini-program's is not, and signed without it.
    Raises RefusedCallbackError.
    """
    if not query.get("echostr"):
        raise RefusedCallbackError("empty")
    if account.kind == "wecom":
        return text_of(opened(account, query, query["echostr"]))
    check(query.get("signature", ""), account.token, query.get("timestamp", ""), query.get("nonce", ""))
    return query["echostr"]


def receive_callback(
    account: Account,
    query: Query,
    body: bytes,
    now: datetime,
    record: Callable[[Behaviour], bool] = BehaviourRow.record,
) -> Behaviour:
    """Store the event of a callback and return it.

    One write, which is repeatable because its key comes from the event; nothing is remembered before it and nothing
    is done after it, so whoever calls may answer that the event is taken. Raises RefusedCallbackError; what the
    table raises passes, and the event has then to be delivered again.
    """
    fields = parse_body(opened(account, query, ciphertext_in(parse_body(body))))
    behaviour = read_event(fields, Origin(account.name, account.kind, account.receive_id), now)
    if len(behaviour.model_dump_json().encode()) > MAX_DOCUMENT:
        raise RefusedCallbackError("oversize")
    record(behaviour)
    return behaviour


def opened(account: Account, query: Query, encrypted: str) -> bytes:
    """Return the message in an encrypted text, once its signature and its addressee are proved."""
    codec = Codec.of(account.token, account.aes_key, account.receive_id)
    sealed = Sealed(encrypted, query.get("msg_signature", ""), query.get("timestamp", ""), query.get("nonce", ""))
    return codec.open(sealed)


def text_of(message: bytes) -> str:
    """Return a message as text."""
    try:
        return message.decode()
    except UnicodeDecodeError:
        raise RefusedCallbackError("encoding") from None
