"""Whom the operator means."""

from secrets import token_bytes

from chalicelib.domain.erasure import Receipt
from chalicelib.models import erasures
from chalicelib.services.find_person import customers_called, meanings
from infra.cli.account import stored_accounts
from infra.cli.connect import Connection
from infra.failure import Failure


def customer_called(who: str, connection: Connection) -> str:
    """Return the id of the one customer that a key means. Raises Failure when there is none, or several."""
    found = customers_called(who, receivers(who, connection))
    if not found:
        receipt = receipt_for(who, connection)
        gone = f"{who} was erased at {receipt.erased_at:%Y-%m-%d %H:%M}Z" if receipt else ""
        raise Failure(gone or f"nobody is known as {who}")
    if len(set(found.values())) > 1:
        raise Failure(f"{who} may be {', '.join(f'{key} ({owner})' for key, owner in found.items())}: name one of them")
    return next(iter(found.values()))


def customer_to_erase(who: str, connection: Connection) -> str | None:
    """Return the customer whom an erasure is about, also one whose erasure did not end; None for one that ended."""
    keys = (who, *meanings(who, receivers(who, connection)))
    begun = next((work for work in erasures.works() if any(work.concerns(key) for key in keys)), None)
    if begun:
        return begun.customer_id
    if not customers_called(who, receivers(who, connection)) and receipt_for(who, connection):
        return None
    return customer_called(who, connection)


def receipt_for(who: str, connection: Connection) -> Receipt | None:
    """Return the receipt of the erasure of whoever had this key."""
    salt = salt_of(connection)
    if salt is None:
        return None
    keys = (who, *meanings(who, receivers(who, connection)))
    return next((receipt for key in keys if (receipt := erasures.erased(key, salt))), None)


def receivers(who: str, connection: Connection) -> list[str]:
    """Return the corp ids and appids among whose customers a bare key may be."""
    if ":" in who or who.startswith("c-"):
        return []
    return sorted({account.receive_id for account in stored_accounts(connection)})


def salt_of(connection: Connection) -> bytes | None:
    """Return the salt of the tombstones; None when nobody has been erased yet."""
    ssm = connection.client("ssm")
    try:
        found = ssm.get_parameter(Name=salt_parameter(connection), WithDecryption=True)
    except ssm.exceptions.ParameterNotFound:
        return None
    return bytes.fromhex(found["Parameter"]["Value"])


def lasting_salt(connection: Connection) -> bytes:
    """Return the salt, made now if there is none: it lies apart from the tables, which alone tell nothing then."""
    found = salt_of(connection)
    if found is None:
        ssm, made = connection.client("ssm"), token_bytes(32)
        ssm.put_parameter(Name=salt_parameter(connection), Type="SecureString", Value=made.hex(), Overwrite=False)
        found = made
    return found


def salt_parameter(connection: Connection) -> str:
    """Return the name of the salt's parameter."""
    return f"/chaoxi/{connection.stack}/erasure-salt"
