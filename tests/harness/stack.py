"""What a deployed stack consists of, as far as it decides who is called when."""

from dataclasses import dataclass, field
from typing import Any

REGION = "ap-southeast-1"
ACCOUNT = "123456789012"


@dataclass(frozen=True)
class Table:
    """A table: what CreateTable needs, and which images its stream shows (None: it has no stream)."""

    name: str
    properties: dict[str, Any]
    view: str | None

    @property
    def stream_arn(self) -> str:
        """The stream's ARN."""
        return f"arn:aws:dynamodb:{REGION}:{ACCOUNT}:table/{self.name}/stream/2026-01-01T00:00:00.000"


@dataclass(frozen=True)
class QueueSettings:
    """A queue. Times are seconds; `redrive_to` is the ARN of its failure queue."""

    name: str
    fifo: bool = False
    content_dedup: bool = False
    dedup_by_group: bool = False
    delay: int = 0
    visibility: int = 30
    redrive_to: str | None = None
    max_receives: int = 0

    @property
    def arn(self) -> str:
        """What mappings, policies and schedules call it."""
        return f"arn:aws:sqs:{REGION}:{ACCOUNT}:{self.name}"

    @property
    def url(self) -> str:
        """What senders call it."""
        return f"https://sqs.{REGION}.amazonaws.com/{ACCOUNT}/{self.name}"


@dataclass(frozen=True)
class Trigger:
    """An event source mapping: the source's ARN, the function, and every setting that decides about failures."""

    function: str
    source: str
    batch_size: int
    report: bool = False
    patterns: tuple[dict[str, Any], ...] = ()
    retries: int = -1
    age: int = -1
    bisect: bool = False
    parallel: int = 1
    failure_to: str | None = None


@dataclass(frozen=True)
class Stack:
    """Everything that the harness needs to know of a deployment."""

    name: str
    tables: tuple[Table, ...]
    queues: tuple[QueueSettings, ...]
    triggers: tuple[Trigger, ...]
    schedule_groups: tuple[str, ...]
    environments: dict[str, dict[str, str]] = field(default_factory=dict)
    binary_types: tuple[str, ...] = ()
