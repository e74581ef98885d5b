"""The harness's tables say what an operation costs as DynamoDB does."""

import pytest

from tests.harness import units


def item(size):
    """Return an item of so many bytes: a one-letter name and a text."""
    return {"a": {"S": "x" * (size - 1)}}


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        (None, item(1), 1.0),
        (None, item(1024), 1.0),
        (None, item(1025), 2.0),
        (item(3000), item(10), 3.0),
        (item(10), None, 1.0),
        (None, {"a": {"S": "潮" * 341}}, 1.0),
        (None, {"a": {"S": "潮" * 342}}, 2.0),
    ],
)
def test_a_write_takes_a_unit_for_each_kb_begun_of_the_larger_item(before, after, expected):
    assert units.written(before, after, []) == expected


@pytest.mark.parametrize(
    ("size", "consistent", "expected"),
    [(1, True, 1.0), (1, False, 0.5), (4096, True, 1.0), (4097, True, 2.0), (4097, False, 1.0)],
)
def test_a_read_takes_a_unit_for_each_4_kb_begun_or_half_of_it(size, consistent, expected):
    assert units.read([item(size)], consistent) == expected


def test_the_items_of_a_query_are_weighed_together():
    assert units.read([item(1000)] * 4, True) == 1.0
    assert units.read([], True) == 1.0


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        (None, {"k": {"S": "1"}, "owner": {"S": "li"}}, 2.0),
        (None, {"k": {"S": "1"}}, 1.0),
        ({"k": {"S": "1"}, "owner": {"S": "li"}}, {"k": {"S": "1"}, "owner": {"S": "li"}, "n": {"N": "1"}}, 1.0),
        ({"k": {"S": "1"}, "owner": {"S": "li"}}, {"k": {"S": "1"}, "owner": {"S": "bo"}}, 3.0),
        ({"k": {"S": "1"}, "owner": {"S": "li"}}, {"k": {"S": "1"}}, 2.0),
    ],
)
def test_an_index_takes_writes_of_its_own_when_its_entry_changes(before, after, expected):
    assert units.written(before, after, [["owner", "k"]]) == expected


@pytest.mark.parametrize(
    ("value", "size"),
    [({"N": "0"}, 2), ({"N": "1234"}, 4), ({"BOOL": True}, 1), ({"L": [{"S": "ab"}]}, 6), ({"SS": ["ab", "c"]}, 3)],
)
def test_values_are_weighed_by_their_kind(value, size):
    assert units.value_size(value) == size
