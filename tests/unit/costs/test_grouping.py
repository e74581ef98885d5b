from datetime import date
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.domain.costs.grouping import KEYS, Question, summed
from chalicelib.domain.pricing.line import ATTO, Line
from chalicelib.metering.keys import DIMENSIONS, key_of
from tests.unit.costs.ledger import LEDGER, line


def totals(*by: str, **only: str) -> dict[tuple[str, ...], int]:
    """Return the small ledger's costs by keys, in atto."""
    question = Question(by, {name: frozenset({value}) for name, value in only.items()})
    return {row.keys: row.total for row in summed(LEDGER, question, "USD").rows}


def test_costs_are_summed_by_one_key_and_what_has_no_value_there_is_told() -> None:
    assert totals("journey") == {
        ("(shared)",): 11,
        ("(unattributed)",): 13,
        ("consultation/care",): 7,
        ("consultation/tea",): 5 * ATTO + 1,
    }


def test_costs_are_summed_by_several_keys_in_their_order() -> None:
    assert totals("day", "staff") == {
        ("2026-11-01", "(shared)"): 11,
        ("2026-11-01", "(unattributed)"): 13,
        ("2026-11-01", "li"): 3 * ATTO + 1,
        ("2026-11-01", "wu"): 7,
        ("2026-11-02", "li"): 2 * ATTO,
    }


def test_a_line_is_parted_into_its_components() -> None:
    assert totals("component") == {("lambda_mb_ms",): 5 * ATTO + 13, ("wru",): 19, ("log_bytes",): 0}


def test_only_what_is_asked_for_counts() -> None:
    assert totals("component", journey="consultation/tea") == {
        ("lambda_mb_ms",): 5 * ATTO,
        ("wru",): 1,
        ("log_bytes",): 0,
    }
    assert totals("function", journey="(unattributed)") == {("Tag",): 13}
    assert totals("journey", component="wru", function="Tag") == {("(shared)",): 11}


def test_a_component_without_a_price_is_named_where_it_was_used() -> None:
    costs = summed(LEDGER, Question(("journey",)), "USD")

    assert costs.unpriced == ["log_bytes"]
    assert {row.keys[0] for row in costs.rows if row.unpriced} == {"consultation/tea"}
    assert costs.books == ("2026-11-22.1",)


@pytest.mark.parametrize(("by", "says"), [
    (("campaign",), "'campaign' is no key of the ledger: there are day, account"),
    ((), "is no key of the ledger"),
    (("day", "day"), "a key is named twice"),
])
def test_a_question_that_the_ledger_cannot_answer_is_refused(by: tuple[str, ...], says: str) -> None:
    with pytest.raises(ValueError, match=says):
        Question(by)


def test_rows_come_in_pages_and_every_row_once() -> None:
    names = [f"staff {number:04}" for number in range(2_500)]
    costs = summed((line(key=key_of(staff=name), wru=1) for name in names), Question(("staff",)), "USD")

    first, more = costs.page(None, 1000)
    second, even_more = costs.page(first[-1].keys, 1000)
    third, at_last = costs.page(second[-1].keys, 1000)

    assert [row.keys[0] for row in (*first, *second, *third)] == names
    assert (more, even_more, at_last) == (True, True, False)
    assert costs.page(third[-1].keys, 1000) == ([], False)
    assert costs.page(None, 2_500)[1] is False


LINES = st.lists(st.builds(
    Line,
    day=st.dates(date(2026, 11, 1), date(2026, 11, 3)),
    function=st.sampled_from(["Tag", "RunStep"]),
    book=st.just("2026-11-22.1"),
    key=st.dictionaries(st.sampled_from(DIMENSIONS), st.sampled_from("ab")).map(lambda named: key_of(**named)),
    amounts=st.dictionaries(st.sampled_from(["wru", "rru", "lambda_mb_ms"]), st.integers(0, 10**24)),
), max_size=30)


@settings(deadline=None, max_examples=30)
@given(LINES)
def test_however_costs_are_asked_they_come_to_the_same_total(lines: list[Line]) -> None:
    whole = sum(one.total for one in lines)
    for by in (pair for size in (1, 2) for pair in combinations(KEYS, size)):
        assert summed(lines, Question(by), "CNY").total == whole
