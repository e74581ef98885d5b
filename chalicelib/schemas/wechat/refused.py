"""Why a callback is refused."""

from typing import Literal

from chalicelib.errors import PermanentError

Reason = Literal[
    "signature", "stale", "receive_id", "padding", "malformed", "clear", "dtd", "encoding", "empty", "oversize"
]


class RefusedCallbackError(PermanentError, ValueError):
    """A request that cannot have come from WeChat whole. Its text is the reason's code and never a part of it.

    signature: forged, or signed with another token · stale: signed too long ago, or for a time to come · receive_id:
    meant for another account · padding: encrypted with another key · malformed: neither XML nor JSON as WeChat writes
    them · clear: not encrypted · dtd: a document type, an entity · encoding: not UTF-8 · empty: nothing · oversize: too
    large to take in, or to keep.
    """

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason)
        self.reason = reason
