"""The touch-point accounts: one SecureString of SSM each, kept in memory for five minutes.

The parameter holds JSON: `kind`, `corp_id` (or `appid`), `token`, `aes_key`, `secret`, `agent_id`. Powertools has a
reader of parameters too; it brings boto3 with its S3 parts, a quarter of the callback's cold start.
"""

import json
import re
import time
from functools import cache
from typing import Literal

from botocore.exceptions import BotoCoreError, ClientError
from pydantic import AliasChoices, ConfigDict, Field

from chalicelib.config import settings
from chalicelib.domain.value import Value
from chalicelib.errors import TransientError, UnknownAccountError
from chalicelib.gateways import aws

NAME = re.compile(r"[a-z0-9-]{1,32}")
KEPT_SECONDS = 300
MISSING_KEPT_SECONDS = 30.0
MISSING_KEPT = 1_000


class Account(Value):
    """One WeCom app, Official Account or mini-program. `receive_id` is its corp id or appid."""

    model_config = ConfigDict(populate_by_name=True, coerce_numbers_to_str=True, hide_input_in_errors=True)

    name: str
    kind: Literal["wecom", "official_account", "mini_program"]
    receive_id: str = Field(min_length=1, validation_alias=AliasChoices("receive_id", "corp_id", "appid"))
    token: str = Field("", repr=False)
    aes_key: str = Field("", repr=False)
    secret: str = Field("", repr=False)
    agent_id: str = ""


@cache
def known() -> dict[str, tuple[Account, float]]:
    """Return each account that was read, and until when that holds."""
    return {}


@cache
def missing() -> dict[str, float]:
    """Return until when each name counts as missing: guessed names must not cost a request to SSM each time."""
    return {}


def fetch_account(name: str) -> Account:
    """Return an account's settings.

    Raises UnknownAccountError when there is none of that name, TransientError when SSM does not answer or the
    parameter is not one of an account: the deployer will repair that, and until then nothing may be dropped.
    """
    account, until = known().get(name, (None, 0.0))
    if account and until > time.time():
        return account
    if not NAME.fullmatch(name) or missing().get(name, 0.0) > time.time():
        raise UnknownAccountError("no such account")
    account = parsed(name, read(name))
    known()[name] = (account, time.time() + KEPT_SECONDS)
    return account


def parsed(name: str, document: str) -> Account:
    """Return the account that a parameter's text describes. Raises TransientError."""
    try:
        return Account.model_validate({**json.loads(document), "name": name})
    except (TypeError, ValueError):
        raise TransientError(f"the parameter of account {name} does not hold an account's settings") from None


def read(name: str) -> str:
    """Return an account's parameter. Raises UnknownAccountError, TransientError."""
    try:
        found = aws.client("ssm").get_parameter(Name=settings().account_parameter(name), WithDecryption=True)
    except (BotoCoreError, ClientError) as error:
        if not is_missing(error):
            raise TransientError(f"the parameter of account {name} cannot be read") from error
        remember_missing(name)
        raise UnknownAccountError("no such account") from None
    return found["Parameter"]["Value"]


def is_missing(error: Exception) -> bool:
    """Whether SSM said that there is no such parameter, rather than nothing."""
    return isinstance(error, ClientError) and error.response["Error"]["Code"] == "ParameterNotFound"


def remember_missing(name: str) -> None:
    """Keep in mind that there is no such account, for a while and for a bounded number of names."""
    if len(missing()) >= MISSING_KEPT:
        missing().clear()
    missing()[name] = time.time() + MISSING_KEPT_SECONDS
