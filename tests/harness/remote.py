"""Remote calls on their way out: every AWS operation of the process passes here, whoever built the client.

The hooks are botocore's own events, registered for every session that is created after this module was imported
(tests/conftest.py imports it first). They do nothing while no wire is attached.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any, Protocol

from botocore.handlers import BUILTIN_HANDLERS

PARAMS = "harness.params"
Json = dict[str, Any]


@dataclass(frozen=True)
class Call:
    """One remote call: `dynamodb PutItem customers`, `sqs SendMessage timers`, `http POST /cgi-bin/gettoken`."""

    service: str
    operation: str
    subject: str = ""

    def __str__(self) -> str:
        return f"{self.service} {self.operation} {self.subject}".rstrip()


class AwsError(Exception):
    """An operation is refused as AWS refuses it: with a code, a text, and perhaps more fields beside them."""

    def __init__(self, code: str, message: str, status: int = 400, **fields: Any) -> None:
        super().__init__(f"{code}: {message}")
        self.status = status
        self.parsed: Json = {**fields, "Error": {"Code": code, "Message": message}}


class Wire(Protocol):
    """What sees the calls of a process."""

    def before(self, call: Call) -> None:
        """Learn that a call is about to be made; may raise."""

    def after(self, call: Call) -> None:
        """Learn that a call was answered; may raise."""

    def answer(self, service: str, operation: Any, params: Mapping[str, Any]) -> Json | None:
        """Return an operation's output, or None to let it go on to moto. Raises AwsError."""


ATTACHED: list[Wire] = []


def keep_params(params: Any, context: Json, **_: Any) -> None:
    """Keep what the caller asked for; later events only carry it serialised."""
    context[PARAMS] = params


def before_call(model: Any, context: Json, **_: Any) -> tuple[Any, Json] | None:
    """Number the call, and answer it if the harness does."""
    if not ATTACHED:
        return None
    service = model.service_model.service_name
    ATTACHED[-1].before(call_of(service, model.name, context[PARAMS]))
    try:
        output = ATTACHED[-1].answer(service, model, context[PARAMS])
    except AwsError as error:
        return http(error.status), {**error.parsed, "ResponseMetadata": metadata(error.status)}
    return None if output is None else (http(200), {**output, "ResponseMetadata": metadata(200)})


def after_call(model: Any, context: Json, **_: Any) -> None:
    """Tell that the call was answered."""
    if ATTACHED:
        ATTACHED[-1].after(call_of(model.service_model.service_name, model.name, context[PARAMS]))


def http(status: int) -> Any:
    """Return as much of an HTTP response as botocore looks at."""
    return SimpleNamespace(status_code=status, headers={})


def metadata(status: int) -> Json:
    """Return what botocore adds to every answer."""
    return {"HTTPStatusCode": status, "HTTPHeaders": {}, "RetryAttempts": 0, "RequestId": "harness"}


def call_of(service: str, operation: str, params: Mapping[str, Any]) -> Call:
    """Return the call, named by the table, queue or schedule that it is about."""
    subject = params.get("TableName") or params.get("Name") or params.get("QueueUrl", "").rpartition("/")[2]
    return Call(service, operation, subject or ",".join(sorted(params.get("RequestItems", {}))))


BUILTIN_HANDLERS.extend(
    [("before-parameter-build", keep_params), ("before-call", before_call), ("after-call", after_call)]
)
