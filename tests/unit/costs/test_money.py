import pytest

from chalicelib.domain.costs.money import atto_of, exact, rounded
from chalicelib.domain.pricing.line import ATTO


@pytest.mark.parametrize(("amount", "text"), [
    (0, "0"),
    (ATTO, "1"),
    (-12 * ATTO, "-12"),
    (1, "0.000000000000000001"),
    (-1, "-0.000000000000000001"),
    (4_300_000_000_000, "0.0000043"),
    (123_456_789 * ATTO + 5 * 10**17, "123456789.5"),
])
def test_an_exact_amount_is_read_back_as_itself(amount: int, text: str) -> None:
    assert exact(amount) == text
    assert atto_of(text) == amount


@pytest.mark.parametrize(("amount", "shown"), [
    ("0", "0.00"),
    ("1234567.891", "1,234,567.89"),
    ("100", "100.00"),
    ("99.994", "99.99"),
    ("1.23456", "1.235"),
    ("0.00000431234", "0.000004312"),
    ("-0.0314159", "-0.03142"),
    ("0.000000000000000001", "0.000000000000000001"),
])
def test_people_see_four_digits_that_say_something(amount: str, shown: str) -> None:
    assert rounded(atto_of(amount)) == shown


@pytest.mark.parametrize("text", ["", "five", "1,000", "nan", "inf", "1e999999999", "0x10"])
def test_what_is_no_amount_of_money_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is no amount of money"):
        atto_of(text)
