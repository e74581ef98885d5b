"""What goes wrong here: for the caller of the platform, for the caller of the simulator, and on the wire."""

from typing import Any

MEANINGS = {
    -1: "system busy",
    40001: "secret does not belong to this corp",
    40002: "grant_type is not client_credential",
    40003: "unknown userid or openid",
    40005: "unknown media type",
    40006: "media size out of range",
    40007: "media_id unknown, expired or of another type",
    40008: "unknown msgtype",
    40013: "unknown appid",
    40014: "access_token not recognised",
    40032: "too many userids",
    40033: "escaped characters are not allowed",
    40056: "agentid is not this app's",
    40058: "parameter not valid",
    40063: "required parameter is empty",
    40068: "unknown tag or tag group",
    40071: "tag name exists",
    40072: "tag name too long",
    40096: "unknown external_userid",
    40123: "not an image of the allowed formats",
    40125: "appsecret not valid",
    40126: "too many corp tags",
    41001: "access_token missing in the URL",
    41046: "msgid missing",
    41047: "msgid not valid",
    41048: "no customer to send to",
    41049: "welcome_code missing",
    41050: "welcome_code not valid or too old",
    41051: "already chatting, or already welcomed",
    41063: "group-send is still being dispatched",
    41064: "too many attachments",
    41065: "unknown attachment type",
    41090: "video is not an mp4",
    41093: "group-send is cancelled",
    41094: "reminded too often",
    41096: "another app is sending the welcome",
    42001: "access_token expired",
    42014: "task_id not valid",
    43004: "not a follower",
    44001: "media is empty",
    44004: "text is empty",
    45001: "media too large",
    45002: "content too long",
    45009: "called too often",
    45015: "reply window is over",
    45033: "too many calls at once",
    45047: "allowance of messages is used up",
    48002: "api not permitted for this account",
    50100: "cursor not valid",
    60020: "caller's address is not trusted",
    60111: "unknown userid",
    81013: "no valid receiver",
    84061: "no relation with this external contact",
}


class PlatformError(Exception):
    """The platform refuses: it answers `errcode`, with `extra` beside it, and changes nothing."""

    def __init__(self, errcode: int, hint: str = "", **extra: Any) -> None:
        self.errcode = errcode
        self.extra = extra
        meaning = MEANINGS.get(errcode, "refused")
        super().__init__(f"{meaning}: {hint}" if hint else meaning)


class LostConnectionError(ConnectionError):
    """The caller gets no answer. `hold_seconds` is how long the connection hangs before it is closed."""

    def __init__(self, fault: str, hold_seconds: float = 0.0) -> None:
        super().__init__(fault)
        self.hold_seconds = hold_seconds


class SimulatorError(ValueError):
    """The world was asked for something that cannot happen in it; the text says what."""
