"""What may go wrong with a remote call of a function, once."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Literal

from botocore.exceptions import ClientError, ReadTimeoutError
from urllib3.exceptions import NewConnectionError
from urllib3.exceptions import ReadTimeoutError as NoWebAnswerError

from tests.harness.faults import Interruption, When, crash
from tests.harness.remote import Call
from tests.harness.wecom import WecomCloud

Fault = Literal["killed before", "killed after", "throttled", "answer lost"]
MOMENTS: dict[Fault, When] = {
    "killed before": "before", "killed after": "after", "throttled": "before", "answer lost": "after",
}
CALLS: tuple[tuple[str, str, int], ...] = (
    ("api_handler", "PutItem behaviours", 1),
    ("tag", "CreateSchedule", 1), ("tag", "PutItem identities", 1), ("tag", "PutItem customers", 1),
    ("greet", "PutItem pushes", 1), ("greet", "PutItem pushes", 2), ("greet", "send_welcome_msg", 1),
    ("move", "PutItem enrolments", 1), ("move", "PutItem enrolments", 2),
    ("schedule", "CreateSchedule", 1), ("schedule", "DeleteSchedule", 1),
    ("run_step", "PutItem pushes", 1), ("run_step", "PutItem pushes", 2), ("run_step", "SendMessage", 1),
    ("run_step", "PutItem enrolments", 1), ("run_step", "TransactWriteItems", 1),
    ("deliver", "PutItem pushes", 1), ("deliver", "add_msg_template", 1), ("deliver", "PutItem pushes", 2),
    ("deliver", "CreateSchedule", 1), ("deliver", "PutItem pushes", 3),
    ("collect", "CreateSchedule", 1), ("collect", "PutItem behaviours", 1), ("collect", "PutItem pushes", 1),
    ("collect", "PutItem pushes", 2), ("pass_time", "PutItem behaviours", 1),
    *((name, "", number) for name in ("api_handler", "tag", "run_step", "deliver") for number in (2, 5)),
    *[("deliver", "add_msg_template", 1)] * 3, *[("run_step", "SendMessage", 1)] * 2,  # where a crash costs most
)
"""Which calls go wrong: a function's n-th that changes something, or its n-th of all."""
PLATFORM = (
    ("errcode", -1), ("errcode", 45033), ("errcode", 45009), ("errcode", 40014), ("http_500", 0), ("drop_after", 0),
    ("timeout_before", 0), ("garbage", 0), ("slow", 0),
)
PATHS = (
    "gettoken", "externalcontact/get", "externalcontact/add_msg_template", "externalcontact/send_welcome_msg",
    "externalcontact/get_groupmsg_send_result", "externalcontact/get_groupmsg_list_v2",
)
RETRIES = timedelta(minutes=45)
"""How long a message may keep coming back after a fault or two."""
AFTERMATH = timedelta(hours=3)
"""How long a fault may be felt: a message comes back after six minutes, an API is left alone for up to an hour."""


@dataclass
class Troubles:
    """The faults that wait for their call, and when the last one struck."""

    cloud: WecomCloud
    armed: list[Interruption] = field(default_factory=list)
    struck: list[datetime] = field(default_factory=list)

    def arm(self, function: str, fault: Fault, call: int, of: str = "") -> None:
        """Let one call of one function go wrong; a function has at most two troubles at a time."""
        self.armed = [one for one in self.armed if not one.happened]
        if sum(one.function == function for one in self.armed) < 2:
            self.armed.append(self.cloud.at_call(function, MOMENTS[fault], call, self.strike(fault), of=of))

    def strike(self, fault: Fault) -> Callable[[], None]:
        """Return what happens at the call."""

        def happen() -> None:
            self.struck.append(self.cloud.now)
            if fault.startswith("killed"):
                crash()
            call = self.cloud.wiring.recordings[-1].calls[-1]
            raise refusal_of(call) if fault == "throttled" else silence_of(call)

        return happen

    def annoy(self, path: str, kind: str, errcode: int, times: int) -> None:
        """Let the platform answer badly; nobody is told that a token is no good who asks for one."""
        if (path, errcode) == ("gettoken", 40014):
            return
        self.cloud.wecom.faults.add(path, kind, times, errcode=errcode, seconds=8.0)

    def calm(self) -> None:
        """Let nothing go wrong from now on."""
        self.cloud.wecom.faults.clear()
        self.cloud.wiring.interruptions.clear()
        self.armed.clear()

    def felt(self, moment: datetime, span: timedelta = AFTERMATH) -> bool:
        """Whether a fault may still be felt at a moment; those of the platform are in its log."""
        faults = [call.at for call in self.cloud.wecom.calls if call.fault]
        return any(moment - span <= at <= moment for at in (*self.struck, *faults))


def refusal_of(call: Call) -> Exception:
    """Return what a throttled call raises; WeCom's throttling is an answer, so there nobody is reached at all."""
    nobody: Any = None
    if call.service == "http":
        return NewConnectionError(nobody, "refused")
    return ClientError({"Error": {"Code": "ThrottlingException", "Message": "slow down"}}, call.operation)


def silence_of(call: Call) -> Exception:
    """Return what a call raises whose answer never came."""
    nobody: Any = None
    lost = NoWebAnswerError(nobody, "", "read timed out")
    return lost if call.service == "http" else ReadTimeoutError(endpoint_url="x")
