"""The outermost middleware: measures an invocation and prints its usage line."""

import json
import sys
from collections.abc import Callable, Iterator
from functools import cache
from itertools import count
from time import perf_counter_ns
from typing import Any

from chalicelib.config import stack_name
from chalicelib.metering.hooks import watch_every_session
from chalicelib.metering.keys import Key
from chalicelib.metering.meter import Meter, begin
from chalicelib.metering.usage import Usage

VERSION = 1
TRIGGERS = {"Request": "http", "DynamoDBEvent": "dynamodb", "SQSEvent": "sqs"}

watch_every_session()


def meter_invocation(event: Any, get_response: Callable[[Any], Any]) -> Any:
    """Let the invocation run; print what it used, also when it raises. A process that dies prints nothing."""
    meter, began = begin(), perf_counter_ns()
    try:
        answer = get_response(event)
    except Exception:
        report(event, meter, perf_counter_ns() - began)
        raise
    meter.shared.usage.bytes_out += size_of(answer)
    report(event, meter, perf_counter_ns() - began)
    return answer


def report(event: Any, meter: Meter, elapsed_ns: int) -> None:
    """Print the usage line; the wall time outside the records is shared."""
    shared = meter.shared.usage
    shared.wall_ns = max(0, elapsed_ns - sum(usage.wall_ns for usage in meter.rows.values()))
    meter.close(meter.shared)
    context = getattr(event, "lambda_context", None) or event.context
    trigger = TRIGGERS.get(type(event).__name__, "direct")
    fields = {
        "kind": "usage",
        "v": VERSION,
        "request_id": context.aws_request_id,
        "function": logical_id(context.function_name),
        "trigger": trigger,
        "cold": is_first(),
        "records": 1 if trigger == "http" else len(event.to_dict().get("Records", [0])),
        "rows": [row_of(key, usage) for key, usage in meter.rows.items()],
        "duplicates": {kind: vars(inputs) for kind, inputs in meter.inputs.items()},
    }
    sys.stdout.write(json.dumps(fields, ensure_ascii=False, separators=(",", ":")) + "\n")


def row_of(key: Key, usage: Usage) -> dict[str, Any]:
    """Return a row of the usage line: what is zero is left out."""
    used = {name: value for name, value in vars(usage).items() if value}
    return {"key": dict(key), **used}


def size_of(answer: Any) -> int:
    """Return the bytes of an HTTP answer's body; other answers leave no cloud."""
    body = getattr(answer, "body", "")
    return len(body if isinstance(body, bytes) else str(body).encode())


def logical_id(function_name: str) -> str:
    """Return a function's name in the template; CloudFormation calls it <stack>-<logical id>-<suffix>."""
    return function_name.removeprefix(f"{stack_name()}-").partition("-")[0]


def is_first() -> bool:
    """Whether this is the first invocation of this process."""
    return next(invocations()) == 0


@cache
def invocations() -> Iterator[int]:
    """Return what counts the invocations of this process."""
    return count()
