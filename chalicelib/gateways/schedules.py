"""One-shot wake-ups: EventBridge schedules for what is far, queue delays for what is near.

The only place that knows `speed`. In the cloud a wake-up comes at its instant. In a demonstration, where a day takes
seconds, the wait itself is shortened: from `since`, the instant that it counts from.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Literal

from botocore.exceptions import ClientError

from chalicelib.config import Settings, settings
from chalicelib.domain.push import digest
from chalicelib.gateways import aws, queues
from chalicelib.metering.inputs import noted

if TYPE_CHECKING:
    from mypy_boto3_scheduler.type_defs import TargetTypeDef

NEAR = timedelta(seconds=60)
Target = Literal["steps", "results", "timers"]


@dataclass(frozen=True)
class Wait:
    """A wait: until when, and (for a demonstration's clock) since when."""

    due_at: datetime
    since: datetime

    def ends_at(self, now: datetime, speed: float) -> datetime:
        """Return the real instant at which the wait is over."""
        return self.due_at if speed == 1 else now + (self.due_at - self.since) / speed


def wake(target: Target, name: str, body: Mapping[str, Any], wait: Wait, now: datetime) -> None:
    """Have `body` put on a queue when the wait is over. The same name twice is one schedule.

    A schedule needs a minute's notice, so what is due within one goes to the queue at once, with its delay; there a
    second call is a second message, which the reader has to bear anyhow. `name`: at most 64 of `[0-9a-zA-Z-_.]`.
    """
    url, arn = queue_of(target, settings())
    ends_at = wait.ends_at(now, settings().speed)
    if ends_at - now <= NEAR:
        queues.send(url, dict(body), max(ends_at - now, timedelta(0)))
    else:
        create(name, arn, body, ends_at)


def queue_of(target: Target, config: Settings) -> tuple[str, str]:
    """Return the URL and the ARN of a target's queue."""
    return {
        "steps": (config.due_steps_queue_url, config.due_steps_queue_arn),
        "results": (config.results_queue_url, config.results_queue_arn),
        "timers": (config.timers_queue_url, config.timers_queue_arn),
    }[target]


def bucket_for(wait: Wait, now: datetime) -> int:
    """Return the gathering interval of a push that may go when its wait is over: the last one before, or this one."""
    ends_at = wait.ends_at(now, settings().speed)
    return queues.bucket_of(now) if ends_at <= now else queues.bucket_of(ends_at) - 1


def gather(batch: str, bucket: int, wait: Wait, now: datetime) -> None:
    """Ask for a batch to be delivered when its wait and then its gathering interval are over.

    While the wait is long, one schedule serves all pushes of the batch: it has not fired yet, for it fires at the
    wait's end. Near it, and after it, the queue's own delay and deduplication do.
    """
    ends_at = wait.ends_at(now, settings().speed)
    if ends_at - now <= NEAR:
        queues.gather(batch, bucket)
    else:
        body = {"batch": batch, "bucket": bucket}
        create(f"b-{digest(batch)}", settings().pushes_queue_arn, body, ends_at, group=digest(batch))


def visit_again(batch: str, body: Mapping[str, Any], at: datetime) -> None:
    """Put a batch on its queue at an instant that is more than a minute ahead. The same body twice is one schedule.

    `speed` has no say here: where the journey's time is shortened, the platform's is real all the same.
    """
    name = f"h-{digest(json.dumps(body, sort_keys=True))}"
    create(name, settings().pushes_queue_arn, body, at, group=digest(batch))


def create(name: str, queue_arn: str, body: Mapping[str, Any], ends_at: datetime, group: str | None = None) -> None:
    """Create the schedule unless it exists. `group` is the message group of a first-in-first-out queue."""
    config = settings()
    target: TargetTypeDef = {
        "Arn": queue_arn,
        "RoleArn": config.scheduler_role_arn,
        "Input": json.dumps(dict(body), ensure_ascii=False),
        "DeadLetterConfig": {"Arn": config.schedule_dlq_arn},
    }
    try:
        aws.client("scheduler").create_schedule(
            Name=name,
            GroupName=config.schedule_group,
            ScheduleExpression=f"at({whole_second(ends_at):%Y-%m-%dT%H:%M:%S})",
            ScheduleExpressionTimezone="UTC",
            FlexibleTimeWindow={"Mode": "OFF"},
            ActionAfterCompletion="DELETE",
            Target={**target, "SqsParameters": {"MessageGroupId": group}} if group else target,
        )
    except ClientError as error:
        if error.response["Error"]["Code"] != "ConflictException":
            raise
        noted("gathering" if group else "schedule", False, name)
    else:
        noted("gathering" if group else "schedule", True, name)


def whole_second(moment: datetime) -> datetime:
    """Return the first whole second that is not before an instant: a schedule never fires early."""
    up = moment.astimezone(UTC).replace(microsecond=0)
    return up if up >= moment else up + timedelta(seconds=1)


def cancel(name: str) -> None:
    """Delete a schedule if it is still there. What fires all the same is dropped by whoever reads it."""
    try:
        aws.client("scheduler").delete_schedule(Name=name, GroupName=settings().schedule_group)
    except ClientError as error:
        if error.response["Error"]["Code"] != "ResourceNotFoundException":
            raise
