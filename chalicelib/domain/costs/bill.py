"""AWS's bill, line by line: a Cost and Usage Report in its old form, in its new one (CUR 2.0), or as Athena has it.

They name the same columns differently, `lineItem/UsageType` and `line_item_usage_type`; here the latter is the name.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from chalicelib.domain.costs.money import atto_of

CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
NEEDED = (
    "line_item_usage_start_date",
    "line_item_product_code",
    "line_item_usage_type",
    "line_item_unblended_cost",
    "line_item_currency_code",
    "line_item_usage_account_id",
    "line_item_line_item_type",
)
TAGS = "resource_tags"
USAGE = ("Usage", "DiscountedUsage", "SavingsPlanCoveredUsage")


class BillError(ValueError):
    """A report that cannot be compared; its text says why and what to do."""


@dataclass(frozen=True)
class Charge:
    """One line of a bill. `cost` is in atto of `currency`, `kind` Usage, Tax, Credit …; `tags` have plain names."""

    at: datetime
    account: str
    product: str
    usage_type: str
    kind: str
    cost: int
    currency: str
    tags: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_usage(self) -> bool:
        """Whether it is paid for use, and is no tax, credit, fee or refund."""
        return self.kind in USAGE


def plain_name(column: str) -> str:
    """Return a column's or a tag's name in lower case with underscores: `aws:cloudformation:stack-name` too."""
    return re.sub(r"[^a-z0-9]+", "_", CAMEL.sub("_", column).lower()).strip("_")


def columns_of(header: list[str]) -> dict[str, str]:
    """Return {plain name: name in the file}. Raises BillError for a file that is no such report."""
    columns = {plain_name(name): name for name in header}
    if missing := [name for name in NEEDED if name not in columns]:
        raise BillError(
            f"no Cost and Usage Report: it has no column {', '.join(missing)} "
            "(nor by its older name, such as lineItem/UsageType); export one with all line item columns"
        )
    return columns


def charge_of(record: Mapping[str, Any], columns: Mapping[str, str]) -> Charge:
    """Return a row of the report. Raises BillError naming the column that cannot be read."""
    told = {name: record[columns[name]] for name in NEEDED}
    try:
        return Charge(
            at=moment_of(told["line_item_usage_start_date"]),
            account=str(told["line_item_usage_account_id"]).zfill(12),
            product=str(told["line_item_product_code"]),
            usage_type=str(told["line_item_usage_type"]),
            kind=str(told["line_item_line_item_type"]),
            cost=atto_of(str(told["line_item_unblended_cost"] or 0)),
            currency=str(told["line_item_currency_code"]),
            tags=tags_of(record, columns),
        )
    except ValueError as error:
        raise BillError(str(error)) from None


def moment_of(told: Any) -> datetime:
    """Return an instant that is a datetime already, or text; without an offset it is UTC. Raises ValueError."""
    try:
        moment = told if isinstance(told, datetime) else datetime.fromisoformat(str(told))
    except ValueError:
        raise ValueError(f"'{told}' is no time of usage") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def tags_of(record: Mapping[str, Any], columns: Mapping[str, str]) -> dict[str, str]:
    """Return the tags that have a value: one column each in the old form, one map (or JSON) of all in the new."""
    own = {
        plain.removeprefix(f"{TAGS}_"): record[name]
        for plain, name in columns.items()
        if plain.startswith(f"{TAGS}_") and record[name]
    }
    told = record.get(columns.get(TAGS, "")) or {}
    if isinstance(told, str):
        told = json.loads(told)
    return {plain_name(str(name)): str(value) for name, value in {**own, **dict(told)}.items() if value}
