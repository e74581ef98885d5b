"""A push: one content for one customer, with its fate; and the group-send that carries many."""

import hashlib
from base64 import b32encode
from datetime import UTC, datetime, timedelta
from typing import Literal

from chalicelib.domain.value import Value

SLOT = timedelta(minutes=15)
SEND_LIMIT = 10_000

State = Literal["planned", "submitted", "delivered", "failed", "skipped", "unknown"]
Channel = Literal["group_send", "welcome"]


class Push(Value):
    """One content for one customer.

    It lives in the partition `batch` (everything that one group-send may carry) under `member` (derived from the
    enrolment's visit and step, so that the same step is the same push). `reason` says why it was not sent, `because`
    names the behaviour that led to it, `rule` the playbook, version, journey, stage and step.
    """

    batch: str
    member: str
    channel: Channel
    customer_id: str
    run: str
    stage: str
    step: str
    rule: str
    content: str
    account: str
    staff: str
    external_userid: str
    slot: datetime
    planned_at: datetime
    bucket: int
    state: State
    because: str
    reason: str | None = None
    msgid: str | None = None
    settled_at: datetime | None = None

    @property
    def key(self) -> str:
        """What a `because` names: `{batch}/{member}`."""
        return f"{self.batch}/{self.member}"


SendState = Literal["claimed", "refused", "unknown", "submitted", "closed"]


class GroupSend(Value):
    """One group-send task of WeCom and the members that it claimed.

    claimed: the call may or may not have been made · refused: it was answered with an error that a later try may
    cure · unknown: no answer, look before calling again · submitted: it has its msgid · closed: nothing is left to ask.
    `failed` are the members that the platform left out (as members, because 10,000 of its own ids would not fit into
    an item beside them). `polled` is the due instant of the last poll that is over: the same wake-up twice asks the
    platform once.
    """

    batch: str
    sequence: int
    members: tuple[str, ...]
    state: SendState
    claimed_at: datetime
    msgid: str | None = None
    failed: tuple[str, ...] = ()
    reason: str | None = None
    polled: datetime | None = None


def slot_of(due_at: datetime) -> datetime:
    """Return the quarter of an hour at whose start a due instant is gathered: itself, or the next one."""
    epoch = datetime.fromtimestamp(0, UTC)
    return epoch - ((epoch - due_at) // SLOT) * SLOT


def playbook_of(batch: str) -> tuple[str, int]:
    """Return the id and version of the playbook whose content a batch of a staff member is."""
    name, _, version = batch.rsplit("/", 3)[1].rpartition("@")
    return name, int(version)


def digest(*parts: object) -> str:
    """Return 20 characters of base32 that stand for the parts, in order."""
    text = "\x1f".join(str(part) for part in parts)
    return b32encode(hashlib.sha256(text.encode()).digest()).decode()[:20].lower()
