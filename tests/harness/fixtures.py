"""Fixtures of the whole loop: import them in the conftest.py of the tests that use them."""

from collections.abc import Iterator

import pytest

from tests.harness.delivery import Delivery
from tests.harness.wecom import WecomCloud


@pytest.fixture
def cloud() -> Iterator[WecomCloud]:
    """Yield the stack of infra/template.yaml with app.py's functions and WeCom beside it; each delivery comes once."""
    with WecomCloud() as up:
        yield up


@pytest.fixture
def cloud_twice() -> Iterator[WecomCloud]:
    """Yield the same, where every callback, batch, message and schedule comes twice."""
    with WecomCloud(delivery=Delivery(duplicates=True)) as up:
        yield up
