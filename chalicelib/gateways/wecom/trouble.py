"""What can go wrong with a call, told apart by what the platform may have done.

TransientError
└── TroubleError        the platform cannot do it now; `reason` says why
    ├── NotSentError    the call never left: nothing was done
    ├── NoAnswerError   it left, and no answer came: perhaps it was done
    ├── CurableError    answered: nothing was done, and a later try may do better
    └── HeldError       not called: the platform wants none before `until`
PermanentError
└── RefusedError    answered: nothing was done, and the same call will fare no better
"""

from datetime import datetime

from chalicelib.errors import PermanentError, TransientError
from chalicelib.gateways.wecom.codes import Decision


class TroubleError(TransientError):
    """The platform cannot do it now."""

    reason = "wecom:trouble"


class NotSentError(TroubleError):
    """The call never left this machine."""

    reason = "wecom:unreachable"


class NoAnswerError(TroubleError):
    """No readable answer came to a call that was sent."""

    reason = "wecom:no_answer"


class CurableError(TroubleError):
    """The platform answered that it cannot do this now."""

    def __init__(self, api: str, code: int, decision: Decision) -> None:
        self.decision = decision
        self.reason = f"wecom:{code}"
        super().__init__(f"{api} answered {code}")


class HeldError(TroubleError):
    """Calls are held back until an instant."""

    def __init__(self, name: str, until: datetime) -> None:
        self.until = until
        self.reason = "wecom:held"
        super().__init__(f"{name} is not called before {until.isoformat()}")


class RefusedError(PermanentError):
    """The platform refused for good; `reason` is what the push keeps."""

    def __init__(self, api: str, code: int, decision: Decision) -> None:
        self.decision = decision
        self.reason = f"wecom:{code}"
        super().__init__(f"{api} answered {code}")
