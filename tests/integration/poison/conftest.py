"""How many good records stand around a bad one."""

import pytest

MANY = 10_000


@pytest.fixture
def crowd(request):
    """Return a choice of size: the one of every day, or ten thousand when all is to be proved."""
    return lambda sampled: MANY if request.config.getoption("--prove") else sampled
