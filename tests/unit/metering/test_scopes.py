"""On whose behalf something is used: whoever names a record is charged for all of it, before and after."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from contextvars import copy_context

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib import metering
from chalicelib.metering import SHARED, key_of
from chalicelib.metering.meter import Meter, begin
from chalicelib.metering.usage import parts

TEA, SHOP = key_of(journey="tea"), key_of(account="shop")


def sent(size: int) -> None:
    """Use something."""
    metering.called("shop", "post", bytes_out=size)


@pytest.fixture
def meter() -> Meter:
    return begin()


def test_what_a_record_used_before_it_was_named_is_its_own_too(meter: Meter) -> None:
    with metering.record():
        metering.called("sqs", "SendMessage")
        metering.name(journey="tea")
        sent(7)
    assert (meter.rows[TEA].calls["sqs.SendMessage"], meter.rows[TEA].bytes_out) == (1, 7)
    assert SHARED not in meter.rows


def test_a_record_that_nobody_names_is_shared(meter: Meter) -> None:
    with metering.record():
        sent(7)
    assert meter.rows[SHARED].bytes_out == 7


def test_what_is_used_between_records_belongs_to_none_of_them(meter: Meter) -> None:
    with metering.record():
        metering.name(journey="tea")
    sent(5)
    assert meter.rows[TEA].bytes_out == 0
    assert meter.shared.usage.bytes_out == 5


def test_the_last_name_is_the_one_that_counts(meter: Meter) -> None:
    with metering.record():
        metering.name(account="shop")
        sent(3)
        metering.name(journey="tea")
    assert {key: usage.bytes_out for key, usage in meter.rows.items()} == {TEA: 3}


def test_two_records_of_one_key_are_one_row_and_their_times_add_up(meter: Meter) -> None:
    for _ in range(2):
        with metering.record():
            metering.name(journey="tea")
            sent(1)
    assert list(meter.rows) == [TEA]
    assert meter.rows[TEA].bytes_out == 2
    assert meter.rows[TEA].wall_ns > 0


def test_a_record_of_several_is_shared_out_by_weight_to_the_last_byte(meter: Meter) -> None:
    with metering.record():
        metering.share({TEA: 2, SHOP: 1})
        sent(100)
        metering.called("wecom", "gettoken")
    assert {key: usage.bytes_out for key, usage in meter.rows.items()} == {TEA: 67, SHOP: 33}
    assert sum(usage.calls["wecom.gettoken"] for usage in meter.rows.values()) == 1


def test_sharing_among_nobody_leaves_the_charge_where_it_was(meter: Meter) -> None:
    with metering.record():
        metering.name(journey="tea")
        metering.share({})
        sent(1)
    assert meter.rows[TEA].bytes_out == 1


def test_a_record_that_raises_is_charged_for_what_it_used(meter: Meter) -> None:
    with suppress(RuntimeError), metering.record():
        metering.name(journey="tea")
        sent(9)
        raise RuntimeError
    assert meter.rows[TEA].bytes_out == 9


def test_threads_with_records_of_their_own_do_not_mix(meter: Meter) -> None:
    def take(number: int) -> None:
        with metering.record():
            metering.name(staff=f"s{number}")
            for _ in range(200):
                sent(number)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(take, range(1, 9)))
    assert {key: usage.bytes_out for key, usage in meter.rows.items()} == {
        key_of(staff=f"s{number}"): 200 * number for number in range(1, 9)
    }


def test_threads_of_one_record_add_to_it_and_lose_nothing(meter: Meter) -> None:
    with metering.record():
        metering.name(journey="tea")
        with ThreadPoolExecutor(8) as pool:
            contexts = [copy_context() for _ in range(1000)]
            for done in [pool.submit(context.run, sent, 1) for context in contexts]:
                done.result()
    assert meter.rows[TEA].bytes_out == 1000


def test_waiting_for_another_record_is_not_counted_twice(meter: Meter) -> None:
    with metering.record():
        metering.name(account="shop")
        with metering.waiting(), metering.record():
            metering.name(journey="tea")
            sum(range(200_000))
    assert meter.rows[SHOP].wall_ns < meter.rows[TEA].wall_ns


def test_another_dimension_is_refused_and_an_unknown_value_left_out() -> None:
    with pytest.raises(ValueError, match="colour: the dimensions are account"):
        key_of(colour="red")
    assert key_of(staff="li", account="", journey="tea") == (("journey", "tea"), ("staff", "li"))


def test_duplicates_are_counted_by_kind_with_five_of_their_keys(meter: Meter) -> None:
    metering.taken("event")
    for number in range(9):
        metering.dropped("event", f"k{number}")
    assert vars(meter.inputs["event"]) == {"taken": 1, "dropped": 9, "keys": ["k0", "k1", "k2", "k3", "k4"]}


@settings(deadline=None)
@given(total=st.integers(0, 10**20), weights=st.lists(st.integers(0, 10**12), min_size=1, max_size=30))
def test_parts_sum_to_the_whole_and_none_is_off_by_one_unit(total: int, weights: list[int]) -> None:
    split = parts(total, weights)
    assert sum(split) == total
    whole = sum(weights) or len(weights)
    fair = [total * (weight if sum(weights) else 1) / whole for weight in weights]
    assert all(abs(part - share) <= 1 + share * 1e-12 for part, share in zip(split, fair, strict=True))
