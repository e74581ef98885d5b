"""The fault matrix: every point, times every fault; and what becomes of each."""

import re
from functools import cache
from typing import Any, NamedTuple

from tests.integration.faults.kinds import FAULTS, Fault
from tests.integration.faults.playing import Played, played
from tests.integration.faults.points import Point, Signature, points_of, weight
from tests.integration.faults.stories import STORIES
from tests.integration.loop.scenario import fates

NAME = re.compile("小.(?=您好)")
ONE_IN = 40  # how much of the matrix a sample is, beside one row of each fault for each function


class Row(NamedTuple):
    """A fault at a point."""

    point: Point
    fault: Fault

    @property
    def id(self) -> str:
        """The same in every run."""
        return f"{self.point.id}: {self.fault}"


class Clean(NamedTuple):
    """What the stories come to without a fault: all points; and by story its end, and how much was set aside in it."""

    points: tuple[Point, ...]
    ends: dict[str, Any]
    set_aside: dict[str, int]


@cache
def clean_runs() -> Clean:
    """Play every story without a fault."""
    known: dict[Signature, Point] = {}
    ends, set_aside = {}, {}
    for story in STORIES:
        with played(story) as stage:
            points_of(story, stage.cloud.invocations, known)
            ends[story], set_aside[story] = outcome(stage), len(stage.set_aside)
    return Clean(tuple(known.values()), ends, set_aside)


def all_rows() -> list[Row]:
    """Return the matrix."""
    return [Row(point, fault) for point in clean_runs().points for fault in FAULTS]


def sample() -> list[Row]:
    """Return a part of the matrix, the same in every run, with every function and every fault of it."""
    rows = all_rows()
    first: dict[tuple[str, Fault], Row] = {}
    for row in sorted(rows, key=lambda row: weight(row.id)):
        first.setdefault((row.point.function, row.fault), row)
    chosen = {row.id for row in first.values()}
    return [row for row in rows if row.id in chosen or weight(row.id) % ONE_IN == 0]


def outcome(stage: Played) -> dict[str, Any]:
    """Return how a story ended, for customers and for operations."""
    world = stage.cloud.wecom
    corp = world.state.corps["wwcorp"]
    received = {who: [message.content.text for message in world.inbox(who)] for who in sorted(corp.customers)}
    asked = [f"{staff} to {who}: {send.content.text} {receiver.fate.name}" for send in corp.group_sends.values()
             for staff, receivers in send.receivers.items() for who, receiver in receivers.items()]
    return {**fates(stage.cloud), "inboxes": received, "group-sends": sorted(asked)}


def nameless(ending: dict[str, Any]) -> dict[str, Any]:
    """Return an outcome without the customers' names: a welcome does not wait for one that cannot be read in time."""
    behaviours = [line for line in ending["behaviours"] if "chaoxi.contact_read" not in line]
    received = {who: [NAME.sub("朋友", text) for text in texts] for who, texts in ending["inboxes"].items()}
    return {**ending, "behaviours": behaviours, "inboxes": received}
