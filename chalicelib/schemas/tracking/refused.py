"""Why a call of the tracking API, or one event in it, is not accepted."""

from typing import Literal

from chalicelib.errors import PermanentError

Code = Literal["malformed", "too_large", "wrong_key", "invalid_event"]


class RefusedCallError(PermanentError):
    """A whole call that is not accepted, with nothing of it stored. Its text is for the integrator."""

    def __init__(self, code: Code, text: str) -> None:
        super().__init__(text)
        self.code = code


class BadEventError(PermanentError):
    """One event that is not accepted. `field` is the path to what is wrong, with dots; empty for all of it."""

    def __init__(self, reason: str, field: str = "", code: Code = "invalid_event") -> None:
        super().__init__(reason)
        self.field = field
        self.code = code
