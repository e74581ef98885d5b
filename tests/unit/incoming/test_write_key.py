"""Write keys: which are valid when."""

from datetime import UTC, datetime, timedelta

import pytest

from chalicelib.domain.write_key import SourceKeys, new_key, source_of

NOW = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)
WEEK = timedelta(days=7)
FIRST, SECOND, THIRD = "shop.first", "shop.second", "shop.third"


def rotated_twice() -> SourceKeys:
    return SourceKeys(source="shop").rotated(FIRST, NOW, WEEK).rotated(SECOND, NOW, WEEK)


def test_a_source_without_keys_accepts_none() -> None:
    assert not SourceKeys(source="shop").accepts("shop.", NOW)


def test_after_a_rotation_both_keys_are_valid_until_the_grace_period_is_over() -> None:
    keys = rotated_twice()
    assert keys.accepts(FIRST, NOW + WEEK - timedelta(seconds=1))
    assert not keys.accepts(FIRST, NOW + WEEK)
    assert keys.accepts(SECOND, NOW + 100 * WEEK)
    assert not keys.accepts(THIRD, NOW)


def test_another_rotation_prolongs_nothing_and_forgets_what_has_expired() -> None:
    keys = rotated_twice().rotated(THIRD, NOW + timedelta(days=1), WEEK)
    assert not keys.accepts(FIRST, NOW + WEEK)
    assert keys.accepts(SECOND, NOW + WEEK)
    assert len(keys.rotated("shop.fourth", NOW + 2 * WEEK, WEEK).keys) == 2


def test_no_grace_ends_the_old_keys_at_once() -> None:
    keys = rotated_twice().rotated(THIRD, NOW, timedelta(0))
    assert [keys.accepts(key, NOW) for key in (FIRST, SECOND, THIRD)] == [False, False, True]


def test_only_hashes_are_kept() -> None:
    key = new_key("shop")
    kept = SourceKeys(source="shop").rotated(key, NOW, WEEK).model_dump_json()
    assert key.removeprefix("shop.") not in kept
    assert len(key) > 32


@pytest.mark.parametrize(
    ("key", "source"),
    [("shop.abc", "shop"), ("shop.a.b", "shop"), ("shop", None), (".abc", None), ("Shop.abc", None), ("店.abc", None)],
)
def test_a_key_names_its_source(key: str, source: str | None) -> None:
    assert source_of(key) == source


@pytest.mark.parametrize("source", ["", "Shop", "a b", "a" * 33, "shop."])
def test_a_source_has_a_plain_name(source: str) -> None:
    with pytest.raises(ValueError, match="lower-case"):
        new_key(source)
