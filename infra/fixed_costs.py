"""What a stage's resources cost by the month while nothing happens: read from its packaged template."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from chalicelib.domain.pricing.book import METERED, STANDING, PriceBook
from infra.failure import Failure
from infra.permissions import FUNCTION

HOURS = 730
POLLERS, POLLS_A_MINUTE = 5, 3  # Lambda's, for each queue: five at once, each waiting 20 s for a message
POLLS = POLLERS * POLLS_A_MINUTE * 60 * HOURS
FREE = {
    FUNCTION: "paid by use; no provisioned concurrency",
    "AWS::Serverless::Api": "paid by request; no cache",
    "AWS::SQS::Queue": "paid by request; what Lambda's pollers ask while idle is a line of its own",
    "AWS::Scheduler::ScheduleGroup": "paid by invocation; schedules that wait are free",
    "AWS::SNS::Topic": "paid by message; 1,000 mails a month are free",
    "AWS::SNS::Subscription": "free",
    "AWS::SNS::TopicPolicy": "free",
    "AWS::Logs::MetricFilter": "free; its metric is paid for the hours in which something is counted",
    "AWS::Logs::SubscriptionFilter": "free; what it wakes is paid by use",
    "AWS::Lambda::Permission": "free",
    "AWS::IAM::Role": "free",
    "AWS::SSM::Parameter": "standard parameters are free",
}
ALARM, DASHBOARD, SECRET = "AWS::CloudWatch::Alarm", "AWS::CloudWatch::Dashboard", "AWS::SecretsManager::Secret"
TABLE, LOGS = "AWS::DynamoDB::Table", "AWS::Logs::LogGroup"
BY_TYPE = {ALARM: "alarm", DASHBOARD: "dashboard", SECRET: "secret"}
OUTSIDE = (
    ("accounts' secrets (not in the template)", "standard parameters of SSM, encrypted with AWS's own key: free"),
    ("keys", "queues and tables are encrypted with AWS's own keys: free"),
    ("metrics", "paid for the hours in which something is counted: none while idle"),
    ("streams", "what Lambda reads of DynamoDB's streams is free"),
    ("timers", "nothing polls: no EventBridge rule, no schedule that repeats"),
)


@dataclass(frozen=True)
class Fixed:
    """A line: how many of something for a month, its published price (None: the book has none), and why."""

    what: str
    number: Decimal
    per: str
    price: Decimal | None
    why: str = ""

    @property
    def cost(self) -> Decimal | None:
        """What it costs a month; None where nobody knows the price."""
        return None if self.price is None else self.number * self.price


@dataclass(frozen=True)
class Idle:
    """What lies idle: GB in the tables and in the logs, and whether functions stand behind NAT gateways."""

    table_gb: Decimal
    log_gb: Decimal
    nat_gateways: int


def fixed_costs(resources: Mapping[str, Mapping[str, Any]], book: PriceBook, idle: Idle) -> Iterator[Fixed]:
    """Yield what a packaged template's resources cost by the month, and what that assumes.

    Raises Failure for a type of resource of which nothing is known here: it may cost something.
    """
    counts = Counter(str(body["Type"]) for body in resources.values())
    if strangers := sorted(counts.keys() - FREE.keys() - BY_TYPE.keys() - {TABLE, LOGS}):
        raise Failure(f"what does {', '.join(strangers)} cost while idle? infra/fixed_costs.py has to say so")
    for kind, name in BY_TYPE.items():
        if counts[kind]:
            yield standing(f"{counts[kind]} × {kind}", Decimal(counts[kind]), name, book)
    yield from of_tables(resources, book, idle)
    groups = f"{counts[LOGS]} log groups, kept {keeping(resources)} days"
    yield standing(groups, idle.log_gb, "log_storage", book, "what was written before; empty ones are free")
    yield polling(resources, book)
    yield standing("NAT gateways (EgressMode subnet; not in the template)", Decimal(idle.nat_gateways * HOURS),
                   "nat_gateway", book, "hours of those that you have; 0 with EgressMode none or proxy")


def standing(what: str, number: Decimal, name: str, book: PriceBook, why: str = "") -> Fixed:
    """Return a line at a price of the book."""
    price = book.prices.get(name)
    return Fixed(what, number, STANDING[name], price.amount if price else None, why)


def of_tables(resources: Mapping[str, Mapping[str, Any]], book: PriceBook, idle: Idle) -> Iterator[Fixed]:
    """Yield what tables cost while nobody reads or writes: what is stored, and its continuous backup."""
    tables = [body["Properties"] for body in resources.values() if body["Type"] == TABLE]
    on_demand = all(one.get("BillingMode") == "PAY_PER_REQUEST" for one in tables)
    recovery = (one.get("PointInTimeRecoverySpecification", {}) for one in tables)
    backed = [one for one in recovery if one.get("PointInTimeRecoveryEnabled")]
    mode = "reads and writes are paid by request" if on_demand else "SOME ARE PROVISIONED: that is paid by the hour too"
    yield standing(f"{len(tables)} tables: storage", idle.table_gb, "dynamodb_storage", book, mode)
    if backed:
        yield standing(f"{len(backed)} tables: point-in-time recovery", idle.table_gb, "dynamodb_backup", book,
                       "by the size of the tables")


def keeping(resources: Mapping[str, Mapping[str, Any]]) -> str:
    """Return for how many days logs are kept."""
    groups = [body["Properties"] for body in resources.values() if body["Type"] == LOGS]
    days = sorted({str(one.get("RetentionInDays", "for ever")) for one in groups})
    return " or ".join(days)


def polling(resources: Mapping[str, Mapping[str, Any]], book: PriceBook) -> Fixed:
    """Return what Lambda asks the queues while they are empty: nobody of ours does it, but it is billed."""
    events = [event for body in resources.values() if body["Type"] == FUNCTION
              for event in body["Properties"].get("Events", {}).values()]
    queues = sum(event["Type"] == "SQS" for event in events)
    price, per_million = book.prices.get("sqs_requests"), Decimal(METERED["sqs_requests"][1])
    return Fixed(f"{queues} queues that Lambda listens to", queues * POLLS / per_million, "1M requests",
                 price.amount if price else None,
                 f"{POLLERS} pollers × {POLLS_A_MINUTE} a minute × {queues} queues; 1M a month is free for the account")
