"""The ledger beside the bill: what was modelled, what was billed, by service."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from chalicelib.domain.costs.bill import BillError, Charge
from chalicelib.domain.costs.period import Period
from chalicelib.domain.pricing import components

STACK_TAG = "aws_cloudformation_stack_name"
# What the bill calls a component of the ledger: its service, a pattern of the product's code, one of the usage type.
CALLED = {
    components.BYTES_OUT: ("Data transfer", "", r"DataTransfer-Out-Bytes|AWS-Out-Bytes"),
    components.LAMBDA_REQUESTS: ("Lambda", "AWSLambda", r"Request"),
    components.LAMBDA_TIME: ("Lambda", "AWSLambda", r"Lambda-GB-Second"),
    components.WRITES: ("DynamoDB", "AmazonDynamoDB", r"WriteRequestUnits"),
    components.READS: ("DynamoDB", "AmazonDynamoDB", r"ReadRequestUnits"),
    components.SQS_REQUESTS: ("SQS", "AWSQueueService", r"Requests"),
    components.SCHEDULES: ("EventBridge Scheduler", "AWSEvents|AmazonEventBridge|AWSScheduler", r"Schedule"),
    components.API_REQUESTS: ("API Gateway", "AmazonApiGateway", r"ApiGateway.*Request"),
    components.LOG_BYTES: ("CloudWatch Logs", "AmazonCloudWatch", r"DataProcessing-Bytes|VendedLog-Bytes"),
    components.SSM_REQUESTS: ("Parameter Store", "AWSSystemsManager", r"PS-.*Requests?"),
}
SERVICES = tuple(dict.fromkeys(service for service, _, _ in CALLED.values()))


def component_of(charge: Charge) -> str | None:
    """Return the component of the ledger that a charge is for; None when the ledger does not book it."""
    for component, (_, product, usage) in CALLED.items():
        if re.match(product, charge.product) and re.search(usage, charge.usage_type):
            return component
    return None


@dataclass(frozen=True)
class Scope:
    """What a bill must be of: a month, a currency, an account; and the tag by which a stack's lines are known."""

    month: Period
    currency: str
    account: str
    tag: tuple[str, str]


@dataclass
class Bill:
    """A bill being read, charge by charge. Costs are in atto, by whether they have the stack's tag."""

    scope: Scope
    charges: int = 0
    taken: int = 0
    months: Counter[str] = field(default_factory=Counter)
    accounts: Counter[str] = field(default_factory=Counter)
    tagged: Counter[str] = field(default_factory=Counter)
    untagged: Counter[str] = field(default_factory=Counter)
    beside: Counter[str] = field(default_factory=Counter)

    def take(self, charge: Charge) -> None:
        """Count a charge. Raises BillError for another currency: amounts of two cannot be compared."""
        self.charges += 1
        if charge.currency != self.scope.currency:
            raise BillError(
                f"it is in {charge.currency or 'no currency'}, and the ledger in {self.scope.currency}: "
                "take the report of the account that this stack runs in, in its own currency"
            )
        self.months[f"{charge.at:%Y-%m}"] += 1
        self.accounts[charge.account] += 1
        if charge.at in self.scope.month and charge.account == self.scope.account:
            self.taken += 1
            self.file(charge)

    def file(self, charge: Charge) -> None:
        """Put a charge of the month and the account where it belongs; another stack's is left out."""
        name, value = self.scope.tag
        told = charge.tags.get(name)
        if told not in (None, value):
            return
        component = component_of(charge) if charge.is_usage else None
        if component:
            (self.tagged if told else self.untagged)[component] += charge.cost
        else:
            self.beside[f"{charge.product} {charge.usage_type}" if charge.is_usage else charge.kind] += charge.cost

    def check(self) -> None:
        """Raise BillError unless the report has charges of the month and the account."""
        if not self.charges:
            raise BillError("it has no charges: the month may not have been billed yet")
        if self.scope.account not in self.accounts:
            raise BillError(
                f"it is of account {', '.join(sorted(self.accounts)[:3])}, and the stack runs in {self.scope.account}: "
                "take that account's report, or the payer's with all linked accounts"
            )
        wanted = f"{self.scope.month.first:%Y-%m}"
        if wanted not in self.months:
            raise BillError(
                f"it is of {', '.join(sorted(self.months)[:3])}, not of {wanted}: "
                f"take the report of that month, or compare with --month {min(self.months)}"
            )

    @property
    def is_by_tag(self) -> bool:
        """Whether the report tells stacks apart; else everything of the account counts."""
        return bool(self.tagged)

    @property
    def counted(self) -> Mapping[str, int]:
        """What is compared, by component."""
        return self.tagged if self.is_by_tag else self.untagged


@dataclass(frozen=True)
class Compared:
    """One service: what the ledger says and what was billed, in atto."""

    service: str
    modelled: int
    billed: int

    @property
    def difference(self) -> int:
        """How much more was modelled than billed."""
        return self.modelled - self.billed

    @property
    def ratio(self) -> float | None:
        """Modelled over billed; None where nothing was billed."""
        return self.modelled / self.billed if self.billed else None


def compared(modelled: Mapping[str, int], billed: Mapping[str, int]) -> list[Compared]:
    """Return every service that has either, in a fixed order, from amounts by component."""
    sums = {service: Compared(service, *sums_of(service, (modelled, billed))) for service in SERVICES}
    return [one for one in sums.values() if one.modelled or one.billed]


def sums_of(service: str, sides: Iterable[Mapping[str, int]]) -> list[int]:
    """Return what each side has for a service."""
    mine = [component for component, (name, _, _) in CALLED.items() if name == service]
    return [sum(side.get(component, 0) for component in mine) for side in sides]
