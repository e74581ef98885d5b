"""Lines of a small ledger."""

from datetime import date

from chalicelib.domain.pricing.line import ATTO, UNATTRIBUTED, Line
from chalicelib.metering.keys import SHARED, Key, key_of

FIRST, SECOND = date(2026, 11, 1), date(2026, 11, 2)
TEA = key_of(account="shop", journey="consultation/tea", stage="warm", step="d2", content="c@1/hi", staff="li")
CARE = key_of(account="shop", journey="consultation/care", stage="in-touch", step="new-year", staff="wu")


def line(day: date = FIRST, function: str = "RunStep", key: Key = TEA, records: int = 1, **paid: int | None) -> Line:
    """Return a line that used one of each component, at a price in atto; None is a component without a price."""
    return Line(
        day=day,
        function=function,
        book="2026-11-22.1",
        key=key,
        quantities=dict.fromkeys(paid, 1),
        amounts={name: price for name, price in paid.items() if price is not None},
        records=records,
    )


LEDGER = (
    line(lambda_mb_ms=3 * ATTO, wru=1),
    line(SECOND, lambda_mb_ms=2 * ATTO, log_bytes=None),
    line(key=CARE, wru=7),
    line(function="Tag", key=SHARED, wru=11),
    line(function="Tag", key=UNATTRIBUTED, lambda_mb_ms=13),
)
