"""Calling a function as Lambda does: its environment, a context, an event; and what came of it."""

import os
import sys
import uuid
import warnings
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from inspect import signature
from typing import Any, Literal

from aws_lambda_powertools.utilities.parameters.base import BaseProvider

from tests.harness.remote import Call, Json
from tests.harness.stack import ACCOUNT, REGION

Function = Callable[[Any, Any], Any]
Outcome = Literal["ok", "partial", "failed", "crashed"]
PRODUCT = "chalicelib"
CLIENTS = "chalicelib.gateways.aws"  # an AWS client keeps nothing of a deployment, and is slow to build


@dataclass
class Context:
    """Lambda's context object."""

    function_name: str
    aws_request_id: str
    remaining: int = 60_000
    memory_limit_in_mb: int = 512
    function_version: str = "$LATEST"

    @property
    def invoked_function_arn(self) -> str:
        """The function's ARN."""
        return f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:{self.function_name}"

    @property
    def log_group_name(self) -> str:
        """Where the function's log goes."""
        return f"/aws/lambda/{self.function_name}"

    @property
    def log_stream_name(self) -> str:
        """The part of the log that belongs to this process."""
        return "harness"

    def get_remaining_time_in_millis(self) -> int:
        """Return how long the function may still run, in milliseconds."""
        return self.remaining


@dataclass
class Invocation:
    """One call of a function.

    `outcome`: ok, partial (it returned batch item failures), failed (it raised `error`), crashed. `calls` are the
    remote calls that it made, in order.
    """

    function: str
    at: datetime
    event: Json
    outcome: Outcome = "ok"
    answer: Any = None
    error: BaseException | None = None
    calls: list[Call] = field(default_factory=list)

    @property
    def records(self) -> list[Json]:
        """The records or messages that it was given."""
        return list(self.event.get("Records", []))

    @property
    def failures(self) -> list[Any] | None:
        """The identifiers it reported as failed; None when the answer is not one that Lambda understands.

        No answer, an empty one and an empty list mean success.
        """
        if not self.answer:
            return []
        if not isinstance(self.answer, Mapping):
            return None
        reported = self.answer.get("batchItemFailures") or []
        if not all(isinstance(each, Mapping) and each.get("itemIdentifier") for each in reported):
            return None
        return [each["itemIdentifier"] for each in reported]


def context_of(function: str, number: int) -> Context:
    """Return a context whose request id is the same in every run of a test."""
    return Context(function, str(uuid.uuid5(uuid.NAMESPACE_OID, f"{function}/{number}")))


@contextmanager
def process(environment: Mapping[str, str]) -> Iterator[None]:
    """Be the process of one function: its environment, and settings read from it."""
    before = dict(os.environ)
    os.environ.update(environment)
    forget_settings()
    try:
        with warnings.catch_warnings():
            # Lambda writes warnings to the log; here they would be errors.
            warnings.filterwarnings("ignore", message="No application metrics to publish")
            yield
    finally:
        os.environ.clear()
        os.environ.update(before)
        forget_settings()


def forget_settings() -> None:
    """Have the settings read again: every function has its own failure queue."""
    if config := sys.modules.get(f"{PRODUCT}.config"):
        config.settings.cache_clear()


def cold_start() -> None:
    """Drop everything that a function's process keeps between invocations: whatever the product caches."""
    loaded = [name for name in sys.modules if name.partition(".")[0] == PRODUCT and name != CLIENTS]
    for cached in caches_in(tuple(loaded)):
        forget(cached)


@cache
def caches_in(modules: tuple[str, ...]) -> tuple[Any, ...]:
    """Return the caches of these modules; to look for them takes longer than to empty them."""
    values = [value for name in modules for value in list(vars(sys.modules[name]).values())]
    return tuple({id(value): value for value in values if callable(getattr(value, "cache_clear", None))}.values())


def forget(cached: Any) -> None:
    """Empty a cache. A reader of parameters stays, being a client too, and forgets what it has read."""
    kept = cached() if cached.cache_info().currsize and not signature(cached).parameters else None
    if isinstance(kept, BaseProvider):
        kept.store.clear()
    else:
        cached.cache_clear()
