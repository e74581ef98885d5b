"""A budget: what a journey may cost in a month."""

from typing import Literal

from chalicelib.domain.value import Value

NEAR_PERCENT = 80
Level = Literal["BudgetNear", "BudgetExceeded"]


class Budget(Value):
    """What a journey (`consultation/tea`) may cost in a calendar month (UTC): `amount` in atto.

    `pause`: once it is spent, the journey is held for the rest of the month.
    """

    journey: str
    amount: int
    pause: bool = False

    def level(self, spent: int) -> Level | None:
        """Return the metric that tells how much of it is spent: from 80 % on, and from 100 % on; None below."""
        if spent >= self.amount:
            return "BudgetExceeded"
        return "BudgetNear" if spent * 100 >= self.amount * NEAR_PERCENT else None
