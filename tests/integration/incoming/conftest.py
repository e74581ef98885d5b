"""Tables, the rejects queue and accounts in this process, made anew for every test."""

import json
import logging
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from moto import mock_aws

from chalicelib.config import settings
from chalicelib.gateways import accounts, aws
from chalicelib.models.behaviours import BehaviourRow
from chalicelib.models.catalog import CatalogRow
from chalicelib.observability import logger, metrics
from chalicelib.services.rotate_write_key import rotate_write_key
from tests.integration.incoming.senders import KEY, TOKEN, Integrator, WeChatServer

REJECTS = "https://sqs.ap-southeast-1.amazonaws.com/123456789012/rejects"
ACCOUNTS = {
    "main": {"kind": "wecom", "corp_id": "ww1", "token": TOKEN, "aes_key": KEY, "secret": "s", "agent_id": 1000002},
    "shop-oa": {"kind": "official_account", "appid": "wx9", "token": TOKEN, "aes_key": KEY, "secret": "s"},
    "mini": {"kind": "mini_program", "appid": "wx8", "token": TOKEN, "aes_key": KEY},
    "half": {"kind": "wecom", "token": TOKEN},
    "short-key": {"kind": "wecom", "corp_id": "ww1", "token": TOKEN, "aes_key": "short"},
}


class Lines(logging.Handler):
    """The log, line by line."""

    def __init__(self) -> None:
        super().__init__()
        self.records: list[logging.LogRecord] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.records.append(record)

    @property
    def reasons(self) -> list[str]:
        """What each line gives as its reason."""
        return [record.__dict__["reason"] for record in self.records]

    @property
    def text(self) -> str:
        """All that was logged."""
        return json.dumps([record.__dict__ for record in self.records], default=str)


@pytest.fixture
def cloud(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Stand up what the incoming side uses of AWS."""
    monkeypatch.setenv("REJECTS_QUEUE_URL", REJECTS)
    settings.cache_clear()
    accounts.missing().clear()
    accounts.known().clear()
    with mock_aws():
        for model in (BehaviourRow, CatalogRow):
            model.create_table(billing_mode="PAY_PER_REQUEST")
        aws.client("sqs").create_queue(QueueName="rejects")
        for name, values in ACCOUNTS.items():
            put_account(name, json.dumps(values))
        yield
    settings.cache_clear()


def put_account(name: str, document: str) -> None:
    """Store an account's parameter, as the deployer does."""
    parameter = settings().account_parameter(name)
    aws.client("ssm").put_parameter(Name=parameter, Value=document, Type="SecureString", Overwrite=True)


@pytest.fixture
def wecom(cloud: None) -> WeChatServer:
    """Return WeCom's side of the corp's app."""
    return WeChatServer("main", "ww1")


@pytest.fixture
def shop(cloud: None) -> Integrator:
    """Return an integrator with a write key."""
    return Integrator(rotate_write_key("shop", datetime.now(UTC)))


@pytest.fixture
def lines() -> Iterator[Lines]:
    """Return what is logged from now on."""
    handler, log = Lines(), logging.getLogger(logger.service)
    log.addHandler(handler)
    yield handler
    log.removeHandler(handler)


@pytest.fixture
def counted() -> Iterator[dict[str, Any]]:
    """Return the metrics from now on, by name."""
    metrics.clear_metrics()
    yield metrics.metric_set
    metrics.clear_metrics()


def rejects() -> list[dict[str, Any]]:
    """Return what is on the rejects queue."""
    found: list[dict[str, Any]] = []
    while messages := aws.client("sqs").receive_message(QueueUrl=REJECTS, MaxNumberOfMessages=10).get("Messages"):
        found += [json.loads(message["Body"]) for message in messages]
    return found
