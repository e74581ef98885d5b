"""The ways in which a remote call goes wrong, and what each service then says.

killed before, killed after   the process is gone before, or after, the call
throttled                     too much at this moment: refused, a later call may do better
answer lost                   accepted, but the answer never comes
overtaken                     before the call, another delivery of the same event begins and comes to its end
refused                       an error that the same call meets again until somebody has mended it; told of this call
forbidden                     the same for every such call of the function, until it is mended: a policy, an address
"""

from collections.abc import Callable, Mapping
from copy import deepcopy
from typing import Any, Literal, get_args

from botocore.exceptions import ReadTimeoutError
from urllib3.exceptions import ReadTimeoutError as NoWebAnswerError

from tests.harness.faults import When, crash
from tests.harness.remote import AwsError, Call
from tests.harness.troubles import Refusal, Troubles, label
from tests.harness.web import WebAnswer

Fault = Literal["killed before", "killed after", "throttled", "answer lost", "overtaken", "refused", "forbidden"]
FAULTS: tuple[Fault, ...] = get_args(Fault)
PASSING: tuple[Fault, ...] = FAULTS[:5]
AFTER: tuple[Fault, ...] = ("killed after", "answer lost")

# What AWS says to a call that it will never do: DynamoDB, SQS, EventBridge Scheduler, Systems Manager.
HOPELESS = {"sqs": "InvalidParameterValue", "ssm": "ParameterNotFound"}
# What WeCom says for good to the call, by API; any of them may also say 48002, that the app must not call it.
FINAL = {
    "gettoken": 60020,
    "externalcontact/get": 84061,
    "externalcontact/send_welcome_msg": 41050,
    "externalcontact/add_msg_template": 41048,
}
NOT_PERMITTED, TOO_MANY_AT_ONCE = 48002, 45033


def when(fault: Fault) -> When:
    """Return on which side of the call a fault strikes."""
    return "after" if fault in AFTER else "before"


def strike(troubles: Troubles, function: str, fault: Fault) -> Callable[[], None]:
    """Return what happens at the call that a function is making."""

    def happen() -> None:
        call = troubles.cloud.wiring.recordings[-1].calls[-1]
        if fault.startswith("killed"):
            crash()
        elif fault == "answer lost":
            raise silence_of(call)
        elif fault == "overtaken":
            troubles.cloud.invoke(function, deepcopy(troubles.cloud.invocations[-1].event))
        elif fault == "forbidden":
            troubles.lasting[function, label(call)] = REFUSALS[fault](call)
        else:
            troubles.once = REFUSALS[fault](call)

    return happen


def silence_of(call: Call) -> Exception:
    """Return what a call raises whose answer never came."""
    nobody: Any = None
    if call.service == "http":
        return NoWebAnswerError(nobody, "", "read timed out")
    return ReadTimeoutError(endpoint_url="x")


def throttled(call: Call) -> Refusal:
    """Return how a service asks for patience."""
    return code(TOO_MANY_AT_ONCE) if call.service == "http" else AwsError("ThrottlingException", "slow down")


def refused(call: Call) -> Refusal:
    """Return what a service says to a call that is wrong."""
    if call.service == "http":
        return code(FINAL.get(call.subject.removeprefix("/cgi-bin/"), NOT_PERMITTED))
    return AwsError(HOPELESS.get(call.service, "ValidationException"), "never like this")


def forbidden(call: Call) -> Refusal:
    """Return what a service, or whatever stands before WeCom, says to one who may not call."""
    return WebAnswer(b"", 403) if call.service == "http" else AwsError("AccessDeniedException", "not allowed", 400)


def code(number: int) -> WebAnswer:
    """Return WeCom's answer with a code."""
    return WebAnswer(f'{{"errcode":{number},"errmsg":"as asked for"}}'.encode())


REFUSALS: Mapping[Fault, Callable[[Call], Refusal]] = {
    "throttled": throttled,
    "refused": refused,
    "forbidden": forbidden,
}
