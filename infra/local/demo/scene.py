"""The scene: the cloud and the platform on this machine, with the product in the one and its people in the other."""

import base64
import json
import secrets
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from botocore.exceptions import BotoCoreError, ClientError
from urllib3.exceptions import HTTPError

from infra.dependencies import BUILD
from infra.failure import Failure
from infra.local.demo.cast import Staff
from infra.local.demo.operator import Operator
from infra.local.demo.options import Options
from infra.local.emulator import Emulator, Outputs
from infra.local.wecom import Account, ConfirmPolicy, Rules, WecomServer, WecomWorld
from infra.package import package
from infra.progress import step

ACCOUNT = "main"
CORP = "wwdemo0000000000"
SOURCE = "shop"
CONFIRM_AFTER = timedelta(seconds=4)
CONFIRMED = 0.94


@dataclass(frozen=True)
class Scene:
    """Everything that runs, ready to be played on."""

    emulator: Emulator
    outputs: Outputs
    world: WecomWorld
    simulator_url: str
    operator: Operator
    write_key: str


@contextmanager
def scene(options: Options, staff: Sequence[Staff], **parameters: str) -> Iterator[Scene]:
    """Build the scene, and take it down whatever happens. Raises Failure with one line.

    `parameters` of infra/template.yaml stand in the place of the demonstration's.
    """
    chosen = {"Speed": f"{options.speed:g}", "StepConcurrency": "2", "GatherSeconds": "1", "PushesDelaySeconds": "2"}
    world = WecomWorld(lambda: datetime.now(UTC), Rules(dispatch_delay=timedelta(seconds=0.5)))
    with simulator(world, options.port(1)) as server:
        with step("starting MiniStack, with IAM enforced"):
            emulator = Emulator(options.port(0))
        with emulator, in_one_line(emulator):
            made = package("local", BUILD / "local")
            with step("deploying through CloudFormation, starting the functions"):
                outputs = emulator.deploy(made, **{**chosen, "WecomBaseUrl": server.base_url, **parameters})
                read_ten_at_once(emulator)
            operator = Operator(emulator.endpoint_url, outputs.stack)
            with step("account, write key and playbook"):
                write_key = furnish(emulator, outputs, operator, options)
                people(world, staff, account_of(emulator, outputs))
            yield Scene(emulator, outputs, world, server.base_url, operator, write_key)


@contextmanager
def in_one_line(emulator: Emulator) -> Iterator[None]:
    """Turn what a dead emulator makes of every call into one line."""
    try:
        yield
    except (BotoCoreError, ClientError, HTTPError, OSError) as error:
        time.sleep(0.5)
        emulator.check_alive()
        raise Failure(f"the emulator did not answer as it should: {error}") from error


def read_ten_at_once(emulator: Emulator) -> None:
    """Let functions that take one message take ten: the emulator does not read side by side what the cloud does."""
    functions = emulator.client("lambda")
    for page in functions.get_paginator("list_event_source_mappings").paginate():
        for mapping in page["EventSourceMappings"]:
            if mapping["BatchSize"] == 1:
                functions.update_event_source_mapping(UUID=mapping["UUID"], BatchSize=10)


def simulator(world: WecomWorld, port: int) -> WecomServer:
    """Return the platform's server. Raises Failure when its port is taken."""
    try:
        return WecomServer(world, port=port)
    except (OSError, OverflowError) as error:
        raise Failure(f"port {port} is in use: choose another one" if port else f"no free port: {error}") from None


def furnish(emulator: Emulator, outputs: Outputs, operator: Operator, options: Options) -> str:
    """Store the account's secrets, publish the playbook, and return a new write key."""
    settings = {
        "kind": "wecom",
        "corp_id": CORP,
        "agent_id": "1000002",
        "token": secrets.token_hex(16),
        "aes_key": base64.b64encode(secrets.token_bytes(32)).decode().rstrip("="),
        "secret": secrets.token_urlsafe(32),
    }
    emulator.client("ssm").put_parameter(Name=parameter_of(outputs), Value=json.dumps(settings), Type="SecureString")
    operator.said("publish", str(options.playbook))
    return operator.said("write-key", "create", SOURCE).splitlines()[-1].split()[-1]


def parameter_of(outputs: Outputs) -> str:
    """Return the name of the account's parameter."""
    return f"/chaoxi/{outputs.stack}/accounts/{ACCOUNT}"


def account_of(emulator: Emulator, outputs: Outputs) -> Account:
    """Return the account as the platform knows it, from what is stored."""
    stored = emulator.client("ssm").get_parameter(Name=parameter_of(outputs), WithDecryption=True)
    settings = json.loads(stored["Parameter"]["Value"])
    return Account(ACCOUNT, **settings, callback_url=f"{outputs.api_url}/wechat/{ACCOUNT}")


def people(world: WecomWorld, staff: Sequence[Staff], account: Account) -> None:
    """Bring account and staff into the world; staff confirm most of their tasks after a while."""
    world.add_account(account)
    for member in staff:
        world.add_staff(CORP, member.userid, member.name)
    world.set_confirm_policy(ConfirmPolicy(CONFIRM_AFTER, CONFIRMED))
