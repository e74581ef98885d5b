"""Money as text. Amounts are integers of 10**-18 of a currency; no float ever holds one."""

from decimal import Decimal, localcontext

from chalicelib.domain.pricing.line import ATTO

PLACES = 18
PRECISION = 60


def exact(amount: int) -> str:
    """Return an amount of atto as an exact decimal without needless zeros: `0.0000043`, `-12`."""
    whole, part = divmod(abs(amount), ATTO)
    digits = f"{part:0{PLACES}d}".rstrip("0")
    return f"{'-' if amount < 0 else ''}{whole}{'.' if digits else ''}{digits}"


def rounded(amount: int) -> str:
    """Return an amount for people: two places from 100 on, below it four digits that say something."""
    with localcontext(prec=PRECISION):
        value = Decimal(amount).scaleb(-PLACES)
        places = 2 if abs(value) >= 100 or not value else min(PLACES, 3 - value.adjusted())
        return f"{value:,.{places}f}"


def atto_of(text: str) -> int:
    """Return the atto of a decimal such as `500`, `0.25` or `1e-7`; finer than an atto is rounded half to even.

    Raises ValueError for what is no finite number.
    """
    with localcontext(prec=PRECISION):
        try:
            value = Decimal(text)
            return int(value.scaleb(PLACES).to_integral_value())
        except (ArithmeticError, ValueError):
            raise ValueError(f"'{text}' is no amount of money: write digits and a point, e.g. 500 or 0.25") from None


def divided(amount: int, number: int) -> int:
    """Return an amount divided by a count, rounded down to an atto. The count is above 0."""
    return amount // number
