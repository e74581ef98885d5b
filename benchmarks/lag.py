"""From due to called: how long after its instant a step's group-send is called for, on the emulator.

The emulator looks at its schedules every ten seconds; a step waits for that however fast the product is. So both are
measured: from the instant that the schedule names, and from the moment at which it fired. Gathering is in both: here a
second, and a queue's delay of two (60 and 75 in the cloud).
"""

import json
import threading
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from statistics import quantiles
from typing import Any

from infra.local.demo.scene import CORP, Scene
from infra.local.festival.crowd import Crowd
from infra.local.festival.stage import Festival, stage

STEPS = 100
LAG = Festival(guests=STEPS, staff=20, speed=4320, wait=75, gather=1, delay=2)
OF_STEPS = "s-"
LOOK_EVERY = 0.25


@dataclass
class Schedules:
    """The steps' schedules: when each is due, and when it was seen to be gone, by customer."""

    scene: Scene
    due_at: dict[str, datetime] = field(default_factory=dict)
    fired_at: dict[str, datetime] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)

    def read(self) -> None:
        """Read when each is due."""
        scheduler = self.scene.emulator.client("scheduler")
        for name in self.present(scheduler):
            found = scheduler.get_schedule(GroupName=self.group, Name=name)
            customer = str(json.loads(found["Target"]["Input"])["customer_id"])
            self.names[name] = customer
            self.due_at[customer] = datetime.strptime(found["ScheduleExpression"], "at(%Y-%m-%dT%H:%M:%S)").replace(
                tzinfo=UTC
            )

    def watch(self, stopped: threading.Event) -> None:
        """Note when each is gone, until told to stop."""
        scheduler = self.scene.emulator.client("scheduler")
        while not stopped.wait(LOOK_EVERY):
            asked_at, present = datetime.now(UTC), set(self.present(scheduler))
            for name in self.names.keys() - present:
                self.fired_at.setdefault(self.names[name], asked_at)

    def present(self, scheduler: Any) -> list[str]:
        """Return the names of the steps' schedules that have not fired."""
        pages = scheduler.get_paginator("list_schedules").paginate(GroupName=self.group, NamePrefix=OF_STEPS)
        return [each["Name"] for page in pages for each in page["Schedules"]]

    @property
    def group(self) -> str:
        """The schedules' group."""
        return self.scene.outputs.values["ScheduleGroupName"]


def called_at(crowd: Crowd) -> dict[str, datetime]:
    """Return when the platform took the call that each customer is part of, by customer."""
    world = crowd.scene.world
    with world.lock:
        sends = [send for send in world.state.corp(CORP).group_sends.values()]
    called = {target: send.created_at for send in sends for one in send.receivers.values() for target in one}
    owners = documents_of(crowd, "customers")
    return {row["customer_id"]: called[row["owner"]["external_userid"]] for row in owners}
