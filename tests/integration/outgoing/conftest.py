"""Tables, queues and a schedule group in this process, made anew for every test."""

from collections.abc import Iterator

import pytest
from moto import mock_aws

from chalicelib.config import settings
from chalicelib.gateways import aws
from chalicelib.models.behaviours import BehaviourRow
from chalicelib.models.catalog import CatalogRow
from chalicelib.models.customers import CustomerRow
from chalicelib.models.identities import IdentityRow
from chalicelib.models.pushes import PushRow
from chalicelib.models.tokens import TokenRow
from tests.integration.outgoing.scene import Scene

ROOT = "https://sqs.ap-southeast-1.amazonaws.com/123456789012"
ENVIRONMENT = {
    "RESULTS_QUEUE_URL": f"{ROOT}/results",
    "RESULTS_QUEUE_ARN": "arn:aws:sqs:ap-southeast-1:123456789012:results",
    "PUSHES_QUEUE_ARN": "arn:aws:sqs:ap-southeast-1:123456789012:pushes.fifo",
    "FAILURES_QUEUE_URL": f"{ROOT}/failures",
    "SCHEDULER_ROLE_ARN": "arn:aws:iam::123456789012:role/scheduler",
    "SCHEDULE_GROUP": "chaoxi-test",
    "SCHEDULE_DLQ_ARN": "arn:aws:sqs:ap-southeast-1:123456789012:undelivered",
}


@pytest.fixture
def cloud(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Stand up what the outgoing side uses of AWS."""
    for name, value in ENVIRONMENT.items():
        monkeypatch.setenv(name, value)
    settings.cache_clear()
    with mock_aws():
        for model in (BehaviourRow, CatalogRow, CustomerRow, IdentityRow, PushRow, TokenRow):
            model.create_table(billing_mode="PAY_PER_REQUEST")
        for queue in ("results", "failures", "undelivered"):
            aws.client("sqs").create_queue(QueueName=queue)
        aws.client("scheduler").create_schedule_group(Name="chaoxi-test")
        yield
    settings.cache_clear()


@pytest.fixture
def scene(cloud: None) -> Scene:
    """Return a corp with one staff member, and our side of it."""
    return Scene()
