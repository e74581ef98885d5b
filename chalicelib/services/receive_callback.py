"""Take in what WeChat reports."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta

from chalicelib.domain.behaviour import Behaviour
from chalicelib.gateways.accounts import Account
from chalicelib.metering.inputs import noted
from chalicelib.models.behaviours import BehaviourRow
from chalicelib.schemas.wechat.body import ciphertext_in, parse_body
from chalicelib.schemas.wechat.crypto import Codec, Sealed, check
from chalicelib.schemas.wechat.event import Origin
from chalicelib.schemas.wechat.events import read_event
from chalicelib.schemas.wechat.identification import id_of_another
from chalicelib.schemas.wechat.refused import RefusedCallbackError

Query = Mapping[str, str]

# An item of DynamoDB holds 400 KB, and the keys and the attributes beside the document need some.
MAX_DOCUMENT = 380 * 1024
# How far the signed time may be from ours. A callback that is heard again is known by its row, which stays for a day at
# least; what could be heard after that is refused. WeChat's own repetitions come within a minute.
MAX_SKEW = timedelta(hours=12)


def verify_callback(account: Account, query: Query, now: datetime) -> str:
    """Return what proves to WeChat that the address is ours, when its console checks the address.

    A corp's challenge is encrypted; an Official Account's or a mini-program's is not, and signed without it.
    Raises RefusedCallbackError.
    """
    if not query.get("echostr"):
        raise RefusedCallbackError("empty")
    if account.kind == "wecom":
        return text_of(opened(account, query, query["echostr"], now))
    check(query.get("signature", ""), account.token, query.get("timestamp", ""), query.get("nonce", ""))
    check_age(query.get("timestamp", ""), now)
    return query["echostr"]


def receive_callback(
    account: Account,
    query: Query,
    body: bytes,
    now: datetime,
    record: Callable[[Behaviour], bool] = BehaviourRow.record,
    fetch: Callable[[str, str], Behaviour | None] = BehaviourRow.fetch,
) -> Behaviour:
    """Store the event of a callback and return it.

    One write, which is repeatable because its key comes from the event; nothing is remembered before it and nothing
    is done after it, so whoever calls may answer that the event is taken. Only where the row is there already, it is
    read again, and what turns out to be another event is written. Raises RefusedCallbackError; what the table raises
    passes, and the event has then to be delivered again.
    """
    fields = parse_body(opened(account, query, ciphertext_in(parse_body(body)), now))
    behaviour = read_event(fields, Origin(account.name, account.kind, account.receive_id), now)
    if len(behaviour.model_dump_json().encode()) > MAX_DOCUMENT:
        raise RefusedCallbackError("oversize")
    if not record(behaviour):
        return known_again(behaviour, record, fetch)
    noted("callback", True, behaviour.key)
    return behaviour


def known_again(
    behaviour: Behaviour, record: Callable[[Behaviour], bool], fetch: Callable[[str, str], Behaviour | None]
) -> Behaviour:
    """Return an event whose row is there already, as its own row if it is another one.

    Who follows, is removed and follows again within a second is told by the welcome code alone. A code that came to
    another account is another app's for the same follow.
    """
    first = fetch(behaviour.subject, behaviour.position)
    if first and first.account == behaviour.account and first.welcome_code != behaviour.welcome_code:
        behaviour = behaviour.model_copy(update={"id": id_of_another(behaviour.id, behaviour.welcome_code)})
        noted("callback", record(behaviour), behaviour.key)
    else:
        noted("callback", False, behaviour.key)
    return behaviour


def opened(account: Account, query: Query, encrypted: str, now: datetime) -> bytes:
    """Return the message in an encrypted text, once its signature, its addressee and its age are proved."""
    codec = Codec.of(account.token, account.aes_key, account.receive_id)
    sealed = Sealed(encrypted, query.get("msg_signature", ""), query.get("timestamp", ""), query.get("nonce", ""))
    message = codec.open(sealed)
    check_age(sealed.timestamp, now)
    return message


def check_age(timestamp: str, now: datetime) -> None:
    """Raise RefusedCallbackError unless a signed Unix time is near enough to now."""
    try:
        age = now - datetime.fromtimestamp(int(timestamp), UTC)
    except (ValueError, OverflowError, OSError):
        raise RefusedCallbackError("stale") from None
    if abs(age) > MAX_SKEW:
        raise RefusedCallbackError("stale")


def text_of(message: bytes) -> str:
    """Return a message as text."""
    try:
        return message.decode()
    except UnicodeDecodeError:
        raise RefusedCallbackError("encoding") from None
