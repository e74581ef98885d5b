"""The process that Book runs in: a region whose prices are whole, and caches that begin empty."""

import os
from collections.abc import Iterator

import pytest

from chalicelib.config import settings
from chalicelib.services import read_price_books

REGION = "us-east-1"


@pytest.fixture
def region() -> Iterator[str]:
    """Run in a region."""
    before = os.environ["AWS_REGION"]
    os.environ["AWS_REGION"] = REGION
    settings.cache_clear()
    read_price_books.forget()
    yield REGION
    os.environ["AWS_REGION"] = before
    settings.cache_clear()
    read_price_books.forget()
