"""One line of a function's log: a usage line, Lambda's report, or something else.

A report is JSON where the log format is JSON, as in the cloud, and text where it is not, as in the emulator.
"""

import json
import re
from dataclasses import dataclass
from typing import Annotated, Any, Literal
from zlib import crc32

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from chalicelib.domain.pricing.entries import SHARDS
from chalicelib.domain.pricing.facts import Report, Usage
from chalicelib.errors import PermanentError
from chalicelib.schemas.logs.delivery import LogEvent

OVERHEAD = 26  # bytes that CloudWatch Logs charges for every line beside its own
USAGE = re.compile(r'"kind"\s*:\s*"usage"')
REPORT = re.compile(r'"type"\s*:\s*"platform\.report"')
TEXT_REPORT = re.compile(
    r"REPORT RequestId: (?P<request_id>[0-9A-Za-z-]{1,64})\s.*?Billed Duration: (?P<billed_ms>\d{1,9})(?:\.0+)? ms"
    r"\s+Memory Size: (?P<memory_mb>\d{1,6}) MB(?P<rest>.*)",
    re.DOTALL,
)
STATUS = re.compile(r"\sStatus: (\w+)")


class BrokenLineError(PermanentError):
    """A line looks like one of ours and cannot be read; the text says why, without the line."""


class UsageLine(BaseModel):
    """A usage line as the meter prints it."""

    model_config = ConfigDict(frozen=True, extra="allow")

    v: Literal[1]
    request_id: Annotated[str, Field(min_length=1, max_length=64)]


class Metrics(BaseModel):
    """The numbers of a report that are charged."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    billed_ms: Annotated[int, Field(alias="billedDurationMs", ge=0)]
    memory_mb: Annotated[int, Field(alias="memorySizeMB", ge=0)]


class PlatformReport(BaseModel):
    """Lambda's report."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    request_id: Annotated[str, Field(alias="requestId", min_length=1, max_length=64)]
    status: str = "success"
    metrics: Metrics


@dataclass(frozen=True)
class Sighting:
    """A fact about an invocation."""

    request_id: str
    fact: Usage | Report


def sighting_in(event: LogEvent, stream: str) -> Sighting | None:
    """Return what a line of a log stream says; None for somebody else's. Raises BrokenLineError."""
    shard = crc32(stream.encode()) % SHARDS
    if event.message.startswith("REPORT RequestId:"):
        return text_report(event, shard)
    if not USAGE.search(event.message) and not REPORT.search(event.message):
        return None
    try:
        content = json.loads(event.message)
        return told(content, event, shard) if isinstance(content, dict) else None
    except ValidationError as error:
        raise BrokenLineError(f"{', '.join(sorted({place(each) for each in error.errors()}))}: not as agreed") from None
    except (ValueError, RecursionError):
        raise BrokenLineError("no whole JSON") from None


def told(content: dict[str, Any], event: LogEvent, shard: int) -> Sighting | None:
    """Return what a JSON line says. Raises ValidationError."""
    seen = {"at": event.timestamp, "log_bytes": log_bytes(event), "shard": shard}
    if content.get("kind") == "usage":
        line = UsageLine.model_validate(content, strict=True)
        fields = {name: value for name, value in content.items() if name not in ("kind", "v", "request_id", "function")}
        return Sighting(line.request_id, Usage.model_validate_json(json.dumps(fields | seen), strict=True))
    if content.get("type") == "platform.report":
        report = PlatformReport.model_validate(content.get("record"))
        return Sighting(report.request_id, Report(**report.metrics.model_dump(), status=report.status, **seen))
    return None


def text_report(event: LogEvent, shard: int) -> Sighting:
    """Return what a report in text says; it names a status only where there was no success."""
    found = TEXT_REPORT.match(event.message)
    if found is None:
        raise BrokenLineError("a report without request id, billed duration or memory")
    status = STATUS.search(found["rest"])
    report = Report(
        at=event.timestamp,
        log_bytes=log_bytes(event),
        shard=shard,
        billed_ms=int(found["billed_ms"]),
        memory_mb=int(found["memory_mb"]),
        status=status[1] if status else "success",
    )
    return Sighting(found["request_id"], report)


def log_bytes(event: LogEvent) -> int:
    """Return what CloudWatch Logs charges a line as."""
    return len(event.message.encode()) + OVERHEAD


def place(error: Any) -> str:
    """Return where in a line something is wrong."""
    return ".".join(map(str, error["loc"][:3])) or "the line"
