"""How many examples are tried: ten thousand when all is to be proved, else a sample; always the same ones."""

from collections.abc import Callable
from typing import TypeVar

import pytest
from hypothesis import HealthCheck, settings

ALL = 10_000
Check = TypeVar("Check", bound=Callable[..., None])


def many(config: pytest.Config, sample: int, everything: int = ALL) -> Callable[[Check], Check]:
    """Return a decorator for a property: the same examples in every run, without a clock, which a test may have set."""
    amount = everything if config.getoption("--prove") else sample
    return settings(
        max_examples=amount,
        derandomize=True,
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        print_blob=False,
    )
