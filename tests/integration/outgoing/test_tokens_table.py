"""The tokens table's conditions."""

from datetime import UTC, datetime, timedelta

import pytest

from chalicelib.domain.access import Access
from chalicelib.models.tokens import TokenRow

NOON = datetime(2026, 11, 22, 4, tzinfo=UTC)
SOON = NOON + timedelta(seconds=10)
LATER = NOON + timedelta(hours=2)

pytestmark = pytest.mark.usefixtures("cloud")


def test_a_name_that_nobody_wrote_is_an_empty_access() -> None:
    assert TokenRow.fetch("main") == Access(name="main")


def test_only_one_of_two_workers_gets_the_lease() -> None:
    access = TokenRow.fetch("main")
    assert TokenRow.lease(access, NOON, SOON)
    assert not TokenRow.lease(access, NOON, SOON)


def test_a_lease_that_is_over_can_be_taken() -> None:
    access = TokenRow.fetch("main")
    TokenRow.lease(access, NOON, SOON)
    assert TokenRow.lease(access, SOON + timedelta(milliseconds=1), LATER)


def test_a_token_is_stored_with_its_end_and_ends_the_lease() -> None:
    access = TokenRow.fetch("main")
    TokenRow.lease(access, NOON, SOON)
    TokenRow.renew(access, "token-1", LATER)
    assert TokenRow.fetch("main") == Access(name="main", token="token-1", expires_at=LATER, version=1)


def test_who_saw_an_older_token_gets_no_lease_and_cannot_overwrite_the_newer_one() -> None:
    before = TokenRow.fetch("main")
    TokenRow.renew(before, "token-1", LATER)
    assert not TokenRow.lease(before, NOON, SOON)
    TokenRow.renew(before, "token-2", LATER)
    assert TokenRow.fetch("main").token == "token-1"
    assert TokenRow.lease(TokenRow.fetch("main"), NOON, SOON)


def test_a_hold_leaves_the_token_alone() -> None:
    TokenRow.renew(TokenRow.fetch("main"), "token-1", LATER)
    TokenRow.hold("main", SOON)
    access = TokenRow.fetch("main")
    assert (access.token, access.held_until) == ("token-1", SOON)
    assert access.is_held(NOON)
    assert not access.is_held(SOON)
