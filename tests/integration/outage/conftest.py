"""The whole loop, with the platform beside it."""

from collections.abc import Iterator

import pytest

from chalicelib.config import settings
from tests.harness.fixtures import cloud
from tests.harness.wecom import WecomCloud

__all__ = ["cloud", "command_line"]


@pytest.fixture
def command_line(cloud: WecomCloud, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Let the test read the settings that the operator's commands read from the stack."""
    for name, value in cloud.stack.environments["deliver"].items():
        monkeypatch.setenv(name, value)
    settings.cache_clear()
    yield
    settings.cache_clear()
