"""What is left when all is over: who got what, what has which reason, and which alarms would have rung."""

import json
from collections import Counter
from datetime import datetime
from typing import Any, cast

from chalicelib.domain.accounting import Accounting
from chalicelib.domain.push import Push
from chalicelib.gateways import aws
from chalicelib.models.audits import all_pushes
from chalicelib.services.account_for_steps import account_for_steps
from infra.cli.connect import Connection
from infra.cli.failure_queue import Failed
from infra.cli.putting_back import ByQueue
from tests.harness.wecom import WecomCloud
from tests.integration.outage.story import ACCOUNTS, customer_of

DECIDED = ("delivered", "failed", "skipped", "unknown")


def accounting(cloud: WecomCloud) -> Accounting:
    """Return where every step stands now."""
    return account_for_steps(cloud.now)


def pushes(channel: str = "group_send") -> list[Push]:
    """Return all pushes of a channel."""
    return [row for row in all_pushes() if isinstance(row, Push) and row.channel == channel]


def fates(account: str, channel: str = "group_send") -> Counter[str]:
    """Return how many pushes of an account came to which end."""
    mine = [push for push in pushes(channel) if push.account == account]
    return Counter(f"{push.state} {push.reason}" if push.reason else push.state for push in mine)


def texts(cloud: WecomCloud, account: str, number: int) -> list[str]:
    """Return what a customer can read."""
    return [message.content.text for message in cloud.wecom.inbox(customer_of(account, number))]


def twice(cloud: WecomCloud) -> list[tuple[str, str]]:
    """Return (customer, text) of whatever somebody was asked to send, or got, more than once."""
    asked = Counter[tuple[str, str]]()
    for corp, _ in ACCOUNTS.values():
        for send in cloud.wecom.state.corp(corp).group_sends.values():
            asked.update((who, send.content.text) for part in send.receivers.values() for who in part)
    people = [customer_of(account, number) for account in ACCOUNTS for number in range(9)]
    got = Counter((who, message.content.text) for who in people for message in cloud.wecom.inbox(who))
    return [what for what, times in (asked | got).items() if times > 1]


def set_aside(cloud: WecomCloud) -> dict[str, list[Any]]:
    """Return what lies on failure queues, by function."""
    names = [name for name in cloud.stack.environments if name != "api_handler"]
    return {name: found for name in names if (found := cloud.failures(name))}


class Here:
    """The connection of the command line, in this process."""

    def client(self, service: str) -> Any:
        """Return the client of a service."""
        assert service == "sqs"
        return aws.client("sqs")


def redriven(cloud: WecomCloud, function: str) -> None:
    """Do what `redrive` does with a function's failed messages."""
    queue = cloud.queues.by_url[cloud.stack.environments[function]["FAILURES_QUEUE_URL"]]
    puller = ByQueue(queue.settings.name, cast(Connection, Here()))
    for message in list(queue.messages.values()):
        puller.put_back(Failed(message.id, message.receipt, message.body))
        queue.remove(message)


def metrics(printed: str) -> Counter[str]:
    """Return the counters that functions have printed for CloudWatch."""
    total = Counter[str]()
    for line in printed.splitlines():
        if '"_aws"' in line:
            told = json.loads(line)
            [rule] = told["_aws"]["CloudWatchMetrics"]
            total.update({each["Name"]: int(sum(told[each["Name"]])) for each in rule["Metrics"]})
    return total


def calls(cloud: WecomCloud, path: str, account: str | None = None) -> list[datetime]:
    """Return when an API was called, by an account if one is given."""
    return [call.at for call in cloud.wecom.calls if call.path == path and account in (None, call.account)]
