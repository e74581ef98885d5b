"""The tables of the loop and the ledger in this process."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from moto import mock_aws

from chalicelib.models.catalog import CatalogRow
from chalicelib.models.enrolments import EnrolmentRow
from chalicelib.models.pushes import PushRow
from chalicelib.services import read_playbooks
from tests.integration.costs.spending import ledger

NOW = datetime(2026, 11, 22, 10, tzinfo=UTC)


@pytest.fixture
def tables() -> Iterator[datetime]:
    """Return the present moment, at which the tables are empty."""
    with mock_aws(), ledger():
        read_playbooks.forget()
        for model in (CatalogRow, EnrolmentRow, PushRow):
            model.create_table(billing_mode="PAY_PER_REQUEST")
        yield NOW
        read_playbooks.forget()
