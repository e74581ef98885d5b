"""A small stack: one table with a stream, a queue, a FIFO queue, and functions that a test writes itself."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest

from tests.harness import Cloud
from tests.unit.harness.small_stack import cloud_with

Bring = Callable[..., Cloud]


@pytest.fixture
def bring_up() -> Iterator[Bring]:
    """Return what brings a small cloud up until the test is over."""
    with ExitStack() as ending:
        yield lambda *functions, **options: ending.enter_context(cloud_with(*functions, **options))
