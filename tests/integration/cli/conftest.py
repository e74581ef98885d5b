"""A stack in this process: what CloudFormation would tell of it, its tables and queues, and a small story in it."""

import os
from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from moto import mock_aws

from chalicelib.config import settings
from chalicelib.services import read_playbooks
from tests.integration.cli.stage import NOW, Stage

ONE_SESSION: Any = {"core": {"reset_boto3_session": False}}


@pytest.fixture
def stage() -> Iterator[Stage]:
    """Return the stack with the playbook published and nobody in it; time goes on from a Monday morning in Shanghai."""
    before = dict(os.environ)
    with mock_aws(config=ONE_SESSION), time_machine.travel(NOW, tick=True):
        read_playbooks.forget()
        yield Stage()
    os.environ.clear()
    os.environ.update(before)
    settings.cache_clear()
    read_playbooks.forget()
