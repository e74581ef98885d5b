"""`account`: the touch-point accounts. Secrets are never words of the command line, which others can see."""

import json
import sys
from argparse import Namespace
from getpass import getpass

from pydantic import ValidationError

from chalicelib.config import settings
from chalicelib.gateways.accounts import NAME, Account
from infra.cli.connect import Connection
from infra.cli.screen import say, say_json, show_table
from infra.failure import Failure

SECRETS = {"token": "the callback's Token", "aes_key": "the callback's EncodingAESKey", "secret": "the app's Secret"}
AES_KEY_CHARACTERS = 43


def run(chosen: Namespace, connection: Connection) -> int:
    """Store an account, or list them."""
    if chosen.action == "list":
        show(chosen, connection)
    else:
        put(chosen, connection)
    return 0


def put(chosen: Namespace, connection: Connection) -> None:
    """Store an account as a SecureString."""
    if not NAME.fullmatch(chosen.name):
        raise Failure(f"'{chosen.name}' is no account's name: 1 to 32 lower-case letters, digits and hyphens")
    secrets = asked() if sys.stdin.isatty() else piped()
    if len(secrets["aes_key"]) != AES_KEY_CHARACTERS:
        raise Failure(f"aes_key has {len(secrets['aes_key'])} characters, an EncodingAESKey has {AES_KEY_CHARACTERS}")
    receiver = "corp_id" if chosen.kind == "wecom" else "appid"
    told = {"kind": chosen.kind, receiver: chosen.receive_id, "agent_id": chosen.agent_id, **secrets}
    ssm = connection.client("ssm")
    try:
        ssm.put_parameter(
            Name=settings().account_parameter(chosen.name),
            Type="SecureString",
            Value=json.dumps(told),
            Overwrite=chosen.replace,
        )
    except ssm.exceptions.ParameterAlreadyExists:
        raise Failure(f"account {chosen.name} exists: add --replace to overwrite it") from None
    path = f"/wechat/{chosen.name}"
    if chosen.json:
        say_json({"account": chosen.name, "kind": chosen.kind, "callback": path})
    else:
        say(f"stored {chosen.name}; its callback address ends in {path}; functions see it within 5 minutes")


def asked() -> dict[str, str]:
    """Ask for the secrets without showing them."""
    return {name: getpass(f"{label}: ").strip() for name, label in SECRETS.items()}


def piped() -> dict[str, str]:
    """Read the secrets from standard input, as one JSON object."""
    wanted = ", ".join(SECRETS)
    try:
        told = json.load(sys.stdin)
    except ValueError:
        raise Failure(f"standard input has to be one JSON object with {wanted}") from None
    is_whole = isinstance(told, dict) and set(told) == set(SECRETS)
    if not is_whole or not all(isinstance(each, str) for each in told.values()):
        raise Failure(f"standard input has to be one JSON object of texts: {wanted}, and nothing else")
    return {name: told[name].strip() for name in SECRETS}


def show(chosen: Namespace, connection: Connection) -> None:
    """List the accounts."""
    rows = [{"account": one.name, "kind": one.kind, "receiver": one.receive_id, "agent_id": one.agent_id}
            for one in stored_accounts(connection)]
    if chosen.json:
        say_json(rows)
    else:
        show_table(f"accounts of {connection.stack}", ("account", "kind", "corp id or appid", "agent id"),
                   [tuple(row.values()) for row in rows])


def stored_accounts(connection: Connection) -> list[Account]:
    """Return the stored accounts by name. Raises Failure for a parameter that holds no account."""
    prefix = settings().account_parameter("")
    pages = connection.client("ssm").get_paginator("get_parameters_by_path").paginate(Path=prefix, WithDecryption=True)
    found = [(each["Name"].removeprefix(prefix), each["Value"]) for page in pages for each in page["Parameters"]]
    return [account_in(name, value) for name, value in sorted(found)]


def account_in(name: str, value: str) -> Account:
    """Return the account that a parameter holds."""
    try:
        return Account.model_validate({**json.loads(value), "name": name})
    except (ValidationError, ValueError, TypeError):
        raise Failure(f"the parameter of account {name} holds no account: put it again with --replace") from None
