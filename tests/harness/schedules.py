"""EventBridge Scheduler: one-shot schedules in UTC that put their input on a queue.

An implementation of its own, because moto's schedules never fire and it takes names and times that the cloud refuses.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from heapq import heappop, heappush
from itertools import count
from typing import Any

from tests.harness.delivery import Delivery
from tests.harness.limits import NotImitatedError, UndefinedInTheCloudError
from tests.harness.remote import AwsError, Json
from tests.harness.stack import ACCOUNT, REGION

NAME = re.compile(r"[0-9a-zA-Z\-_.]{1,64}")
AT = re.compile(r"at\((\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)\)")
INPUT_LIMIT = 256 * 1024
Send = Callable[[str, str, Mapping[str, Any]], None]
"""Puts a body on the queue with an ARN; the third argument are the target's SqsParameters."""


@dataclass(eq=False)
class Schedule:
    """A schedule, when it fires, and how often it still does."""

    params: Json
    fires_at: datetime
    times: int

    @property
    def name(self) -> str:
        """Its name within the group."""
        return str(self.params["Name"])

    @property
    def group(self) -> str:
        """Its group."""
        return str(self.params.get("GroupName", "default"))


class Schedules:
    """All schedules of a stack. Its verbs take and give what botocore's client takes and gives."""

    def __init__(self, groups: tuple[str, ...], now: Callable[[], datetime], delivery: Delivery, send: Send) -> None:
        self.groups: dict[str, dict[str, Schedule]] = {name: {} for name in ("default", *groups)}
        self.now = now
        self.delivery = delivery
        self.send = send
        self.agenda: list[tuple[datetime, int, Schedule]] = []
        self.numbers = count()

    def answer(self, operation: str, params: Mapping[str, Any]) -> Json:
        """Do an operation. Raises NotImitatedError for one that is not imitated."""
        verbs: dict[str, Callable[[Mapping[str, Any]], Json]] = {
            "CreateSchedule": self.create,
            "UpdateSchedule": self.update,
            "DeleteSchedule": self.delete,
            "GetSchedule": self.get,
            "ListSchedules": self.list,
        }
        if operation not in verbs:
            raise NotImitatedError(f"scheduler {operation} is not imitated")
        return verbs[operation](params)

    def create(self, params: Mapping[str, Any]) -> Json:
        """CreateSchedule."""
        schedule = self.checked(params)
        if schedule.name in self.group(params):
            raise AwsError("ConflictException", f"Schedule {schedule.name} already exists.", 409)
        return self.put(schedule)

    def update(self, params: Mapping[str, Any]) -> Json:
        """UpdateSchedule: replaces everything; what is left out is reset."""
        self.find(params)
        return self.put(self.checked(params))

    def put(self, schedule: Schedule) -> Json:
        """Store a schedule and note when it fires."""
        self.groups[schedule.group][schedule.name] = schedule
        for _ in range(schedule.times):
            heappush(self.agenda, (schedule.fires_at, next(self.numbers), schedule))
        return {"ScheduleArn": arn_of(schedule.params)}

    def delete(self, params: Mapping[str, Any]) -> Json:
        """DeleteSchedule."""
        del self.group(params)[self.find(params).name]
        return {}

    def get(self, params: Mapping[str, Any]) -> Json:
        """GetSchedule."""
        return {"Arn": arn_of(params), "State": "ENABLED", **self.find(params).params}

    def list(self, params: Mapping[str, Any]) -> Json:
        """ListSchedules."""
        groups = [params["GroupName"]] if "GroupName" in params else list(self.groups)
        prefix = params.get("NamePrefix", "")
        found = [each for group in groups for each in self.groups[group].values() if each.name.startswith(prefix)]
        return {"Schedules": [{"Name": each.name, "GroupName": each.group, "State": "ENABLED"} for each in found]}

    def group(self, params: Mapping[str, Any]) -> dict[str, Schedule]:
        """Return the group that a request names."""
        name = params.get("GroupName", "default")
        if name not in self.groups:
            raise AwsError("ResourceNotFoundException", f"Schedule group {name} does not exist.", 404)
        return self.groups[name]

    def find(self, params: Mapping[str, Any]) -> Schedule:
        """Return the schedule that a request names."""
        group = self.group(params)
        if params["Name"] not in group:
            raise AwsError("ResourceNotFoundException", f"Schedule {params['Name']} does not exist.", 404)
        return group[params["Name"]]

    def checked(self, params: Mapping[str, Any]) -> Schedule:
        """Return a schedule as asked for. Raises AwsError, or UndefinedInTheCloudError for one in the past."""
        refuse(not NAME.fullmatch(params["Name"]), f"name {params['Name']!r}: 1 to 64 of 0-9 a-z A-Z - _ .")
        at = instant_of(params)
        target = params["Target"]
        refuse(":sqs:" not in target["Arn"], "only queues are imitated as targets")
        refuse(len(target.get("Input", "").encode()) > INPUT_LIMIT, "the input is longer than 256 KB")
        if at <= self.now():
            raise UndefinedInTheCloudError(f"{params['ScheduleExpression']} is not in the future at {self.now():%FT%T}")
        times = 2 if self.delivery.duplicates else 1
        return Schedule(dict(params), at + self.delivery.late, 0 if params.get("State") == "DISABLED" else times)

    def next_moment(self) -> datetime | None:
        """Return when the next schedule fires."""
        while self.agenda and not self.stands(self.agenda[0][2]):
            heappop(self.agenda)
        return self.agenda[0][0] if self.agenda else None

    def stands(self, schedule: Schedule) -> bool:
        """Whether a schedule has been neither deleted nor replaced."""
        return self.groups[schedule.group].get(schedule.name) is schedule

    def step(self) -> None:
        """Put the input of everything that is due on its queue."""
        while (moment := self.next_moment()) and moment <= self.now():
            self.fire(heappop(self.agenda)[2])

    def fire(self, schedule: Schedule) -> None:
        """Fire once; after the last time the schedule is deleted if it says so."""
        target = schedule.params["Target"]
        self.send(target["Arn"], target.get("Input", "{}"), target.get("SqsParameters", {}))
        schedule.times -= 1
        if not schedule.times and schedule.params.get("ActionAfterCompletion") == "DELETE":
            del self.groups[schedule.group][schedule.name]


def refuse(is_wrong: bool, message: str) -> None:
    """Answer a wrong request as the cloud does."""
    if is_wrong:
        raise AwsError("ValidationException", message)


def instant_of(params: Mapping[str, Any]) -> datetime:
    """Return the instant of an at() in UTC; anything else is not imitated."""
    found = AT.fullmatch(params["ScheduleExpression"])
    refuse(not found, f"{params['ScheduleExpression']!r} is no at(yyyy-mm-ddThh:mm:ss)")
    if params.get("ScheduleExpressionTimezone", "UTC") != "UTC" or params["FlexibleTimeWindow"]["Mode"] != "OFF":
        raise NotImitatedError("only schedules in UTC without a flexible window are imitated")
    assert found
    return datetime.fromisoformat(found[1]).replace(tzinfo=UTC)


def arn_of(params: Mapping[str, Any]) -> str:
    """Return a schedule's ARN."""
    return f"arn:aws:scheduler:{REGION}:{ACCOUNT}:schedule/{params.get('GroupName', 'default')}/{params['Name']}"
