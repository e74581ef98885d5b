"""Makes tests/events/cur: one month of one bill, in the forms in which AWS hands it out.

python -m tests.unit.costs.reports
"""

import csv
import gzip
import io
import json
from pathlib import Path
from typing import Any, NamedTuple
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

FOLDER = Path(__file__).parents[2] / "events" / "cur"
OURS, OTHERS, NOBODYS = "chaoxi-test", "shop-web", ""


class Billed(NamedTuple):
    """A line of the bill."""

    day: str
    product: str
    usage_type: str
    cost: str
    stack: str = OURS
    kind: str = "Usage"
    account: str = "123456789012"
    project: str = "tea"


BILL = (
    Billed("2026-11-01", "AWSLambda", "APS1-Lambda-GB-Second-ARM", "0.0213334400"),
    Billed("2026-11-02", "AWSLambda", "APS1-Lambda-GB-Second-ARM", "0.0186665600"),
    Billed("2026-11-02", "AWSLambda", "APS1-Request-ARM", "0.0040000000"),
    Billed("2026-11-02", "AWSLambda", "APS1-Request-ARM", "7.5000000000", OTHERS),
    Billed("2026-11-02", "AmazonDynamoDB", "APS1-WriteRequestUnits", "0.1420000000"),
    Billed("2026-11-02", "AmazonDynamoDB", "APS1-ReadRequestUnits", "2.85E-7"),
    Billed("2026-11-02", "AmazonDynamoDB", "APS1-TimedStorage-ByteHrs", "0.0570000000"),
    Billed("2026-11-02", "AmazonDynamoDB", "APS1-TimedPITRStorage-ByteHrs", "0.0456000000"),
    Billed("2026-11-03", "AWSQueueService", "APS1-Requests-RBP", "0.0800000000"),
    Billed("2026-11-03", "AWSQueueService", "APS1-Requests-FIFO-RBP", "0.0100000000"),
    Billed("2026-11-03", "AWSEvents", "APS1-ScheduledInvocation", "0.0500000000"),
    Billed("2026-11-03", "AmazonApiGateway", "APS1-ApiGatewayRequest", "0.0425000000"),
    Billed("2026-11-03", "AmazonCloudWatch", "APS1-DataProcessing-Bytes", "0.0350000000"),
    Billed("2026-11-03", "AmazonCloudWatch", "APS1-CW:AlarmMonitorUsage", "4.4000000000"),
    Billed("2026-11-30", "AWSLambda", "APS1-DataTransfer-Out-Bytes", "0.0012000000", NOBODYS, project=""),
    Billed("2026-11-30", "AmazonEC2", "APS1-NatGateway-Hours", "43.0700000000", NOBODYS, project=""),
    Billed("2026-11-30", "AWSLambda", "", "3.3300000000", NOBODYS, "Tax", project=""),
    Billed("2026-11-30", "AWSLambda", "APS1-Request-ARM", "9.9900000000", OURS, "Usage", "999999999999"),
    Billed("2026-10-31", "AWSLambda", "APS1-Request-ARM", "8.8800000000"),
)


def legacy(billed: Billed, currency: str = "USD") -> dict[str, str]:
    """Return a line in the old form, whose tags have a column each."""
    return {
        "identity/LineItemId": f"{billed.day}-{billed.usage_type}",
        "bill/BillingPeriodStartDate": f"{billed.day[:7]}-01T00:00:00Z",
        "lineItem/UsageAccountId": billed.account,
        "lineItem/LineItemType": billed.kind,
        "lineItem/UsageStartDate": f"{billed.day}T00:00:00Z",
        "lineItem/ProductCode": billed.product,
        "lineItem/UsageType": billed.usage_type,
        "lineItem/CurrencyCode": currency,
        "lineItem/UnblendedCost": billed.cost,
        "resourceTags/aws:cloudformation:stack-name": billed.stack,
        "resourceTags/user:Project": billed.project,
    }


def exports(billed: Billed) -> dict[str, Any]:
    """Return a line of CUR 2.0, whose tags are one map."""
    tags = {"aws_cloudformation_stack_name": billed.stack, "user_project": billed.project}
    return {
        "bill_billing_period_start_date": f"{billed.day[:7]}-01 00:00:00.000",
        "line_item_usage_account_id": billed.account,
        "line_item_line_item_type": billed.kind,
        "line_item_usage_start_date": f"{billed.day} 00:00:00.000",
        "line_item_product_code": billed.product,
        "line_item_usage_type": billed.usage_type,
        "line_item_currency_code": "USD",
        "line_item_unblended_cost": billed.cost,
        "resource_tags": {name: value for name, value in tags.items() if value},
    }


def csv_of(rows: list[dict[str, Any]]) -> bytes:
    """Return rows as CSV."""
    text = io.StringIO()
    writer = csv.DictWriter(text, list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode()


def main() -> None:
    """Write every file."""
    old, new = csv_of([legacy(each) for each in BILL]), [exports(each) for each in BILL]
    (FOLDER / "legacy.csv").write_bytes(old)
    (FOLDER / "legacy.csv.gz").write_bytes(gzip.compress(old, mtime=0))
    (FOLDER / "yuan.csv").write_bytes(csv_of([legacy(each, "CNY") for each in BILL]))
    with ZipFile(FOLDER / "legacy.zip", "w", ZIP_DEFLATED) as archive:
        archive.writestr(ZipInfo("chaoxi-1.csv", (1980, 1, 1, 0, 0, 0)), old)
    as_json = [{**row, "resource_tags": json.dumps(row["resource_tags"])} for row in new]
    (FOLDER / "cur2.csv.gz").write_bytes(gzip.compress(csv_of(as_json), mtime=0))
    write_parquet(FOLDER / "cur2.parquet", new)


def write_parquet(path: Path, rows: list[dict[str, Any]]) -> None:
    """Write CUR 2.0 as AWS does: instants, doubles and a map."""
    from datetime import datetime

    import pyarrow
    from pyarrow import parquet

    typed = [
        {
            **row,
            "line_item_usage_start_date": datetime.fromisoformat(row["line_item_usage_start_date"]),
            "line_item_unblended_cost": float(row["line_item_unblended_cost"]),
            "resource_tags": list(row["resource_tags"].items()),
        }
        for row in rows
    ]
    kinds = {
        "line_item_usage_start_date": pyarrow.timestamp("ms"),
        "line_item_unblended_cost": pyarrow.float64(),
        "resource_tags": pyarrow.map_(pyarrow.string(), pyarrow.string()),
    }
    schema = pyarrow.schema([(name, kinds.get(name, pyarrow.string())) for name in typed[0]])
    parquet.write_table(pyarrow.Table.from_pylist(typed, schema), path)


if __name__ == "__main__":
    main()
