"""A batch of log lines, as a subscription filter hands it to a function: gzipped JSON in base64."""

import binascii
import zlib
from base64 import b64decode
from gzip import decompress
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from chalicelib.errors import PermanentError


class UnreadableDeliveryError(PermanentError):
    """An event is no delivery of CloudWatch Logs."""


class LogEvent(BaseModel):
    """One line. `timestamp` is its millisecond since 1970."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    timestamp: Annotated[int, Field(ge=0)]
    message: str


class Delivery(BaseModel):
    """Lines of one log stream, in its order. CONTROL_MESSAGE only asks whether somebody is there."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    kind: Annotated[Literal["DATA_MESSAGE", "CONTROL_MESSAGE"], Field(alias="messageType")]
    group: Annotated[str, Field(alias="logGroup")]
    stream: Annotated[str, Field(alias="logStream")]
    events: Annotated[tuple[LogEvent, ...], Field(alias="logEvents")]


def delivery_in(event: dict[str, Any]) -> Delivery:
    """Return the batch in an event. Raises UnreadableDeliveryError; its text has no line in it."""
    try:
        return Delivery.model_validate_json(decompress(b64decode(event["awslogs"]["data"], validate=True)))
    except (KeyError, TypeError, binascii.Error, OSError, EOFError, zlib.error) as error:
        raise UnreadableDeliveryError(f"no gzipped batch of log lines: {type(error).__name__}") from None
    except ValidationError as error:
        places = sorted({".".join(str(part) for part in each["loc"][:1]) for each in error.errors()})
        raise UnreadableDeliveryError(f"a batch of log lines without {', '.join(places) or 'sense'}") from None


def function_of(group: str, stack: str) -> str | None:
    """Return the logical id of the function whose log a group is; None for another stack's, or no function's."""
    prefix = f"/aws/lambda/{stack}-"
    return group.removeprefix(prefix).partition("-")[0] or None if group.startswith(prefix) else None
