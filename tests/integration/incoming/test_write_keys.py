"""Rotating a write key while it is in use."""

from datetime import UTC, datetime, timedelta

import pytest

from chalicelib.errors import ConflictError
from chalicelib.models.catalog import CatalogRow
from chalicelib.models.write_keys import change_keys
from chalicelib.schemas.tracking.refused import RefusedCallError
from chalicelib.services.authenticate_source import authenticate_source
from chalicelib.services.rotate_write_key import GRACE, rotate_write_key

NOW = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)


def test_both_keys_are_valid_during_the_grace_period_and_only_the_new_one_after_it(cloud: None) -> None:
    old, new = rotate_write_key("shop", NOW), rotate_write_key("shop", NOW)
    assert authenticate_source(old, NOW) == authenticate_source(new, NOW) == "shop"
    assert authenticate_source(new, NOW + GRACE) == "shop"
    with pytest.raises(RefusedCallError):
        authenticate_source(old, NOW + GRACE)


def test_a_key_of_one_source_is_not_one_of_another(cloud: None) -> None:
    rotate_write_key("crm", NOW)
    with pytest.raises(RefusedCallError):
        authenticate_source(rotate_write_key("shop", NOW).replace("shop.", "crm."), NOW)


def test_the_catalog_holds_no_key(cloud: None) -> None:
    key = rotate_write_key("shop", NOW, timedelta(0))
    [(source, document)] = CatalogRow.of_kind("write_key")
    assert source == "shop"
    assert key.partition(".")[2] not in document


def test_of_two_rotations_at_once_one_is_told_to_try_again(cloud: None) -> None:
    with pytest.raises(ConflictError):
        change_keys("shop", lambda keys: (rotate_write_key("shop", NOW), keys)[1])
    rotate_write_key("shop", NOW)
    with pytest.raises(ConflictError):
        change_keys("shop", lambda keys: (rotate_write_key("shop", NOW), keys)[1])
