"""Callbacks of WeChat's servers: GET proves the address, POST reports one event."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime

from chalicelib import metering
from chalicelib.errors import UnknownAccountError
from chalicelib.gateways.accounts import Account, fetch_account
from chalicelib.handlers.answer import Answer
from chalicelib.handlers.trouble import TROUBLE
from chalicelib.observability import count, logger
from chalicelib.schemas.wechat.events import is_unknown
from chalicelib.schemas.wechat.refused import RefusedCallbackError
from chalicelib.services.receive_callback import receive_callback, verify_callback

STATUS = {"signature": 403, "stale": 403, "oversize": 413}


def verify(account: str, query: Mapping[str, str]) -> Answer:
    """Answer the console's check of the address."""
    return answered(account, lambda known: verify_callback(known, query, datetime.now(UTC)))


def receive(account: str, query: Mapping[str, str], body: bytes) -> Answer:
    """Answer a callback: 200 with nothing in it once the event is stored."""
    return answered(account, lambda known: take(known, query, body, datetime.now(UTC)))


def take(account: Account, query: Mapping[str, str], body: bytes, now: datetime) -> str:
    """Store the event; return the body of the answer, which WeChat wants empty."""
    event = receive_callback(account, query, body, now)
    if is_unknown(event):
        count("UnknownEvent")
        logger.info("an event is kept as it came", extra={"account": account.name, "key": event.key})
    return ""


def answered(account: str, do: Callable[[Account], str]) -> Answer:
    """Answer with what `do` returns for the account, or with what went wrong and no more of it than its sort."""
    try:
        known = fetch_account(account)
        metering.name(account=known.name)
        return Answer(200, do(known))
    except UnknownAccountError:
        return refused(account, 404, "account", "unknown account")
    except RefusedCallbackError as error:
        return refused(account, STATUS.get(error.reason, 400), error.reason, "refused")
    except (*TROUBLE, ValueError) as error:
        logger.error("a callback is not stored", extra={"account": account, "reason": type(error).__name__})
        count("CallbackFailed")
        return Answer(500, "not stored, please send it again")


def refused(account: str, status: int, reason: str, text: str) -> Answer:
    """Log why a callback is refused, count it, and say to the sender what it may know."""
    logger.warning("a callback is refused", extra={"account": account[:32], "reason": reason})
    count("CallbackRefused")
    return Answer(status, text)
