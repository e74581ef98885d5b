"""Group-sends: rows of the pushes table beside the pushes that they carry."""

from base64 import b64decode, b64encode
from zlib import compress, decompress

from pynamodb.expressions.condition import Condition

from chalicelib.config import settings
from chalicelib.domain.behaviour import instant
from chalicelib.domain.push import GroupSend, Push
from chalicelib.errors import ConflictError
from chalicelib.models.pushes import PushRow
from chalicelib.models.row import losing_raises_conflict

PREFIX = "~send#"


def members_of(batch: str) -> tuple[list[GroupSend], list[Push]]:
    """Return a partition's group-sends by sequence and its pushes, strongly consistent, in one query."""
    sends: list[GroupSend] = []
    pushes: list[Push] = []
    for row in PushRow.query(batch, consistent_read=True):
        if row.member.startswith(PREFIX):
            sends.append(value_of(row))
        else:
            pushes.append(row.value)
    return sends, pushes


def fetch_send(batch: str, sequence: int) -> GroupSend | None:
    """Return one group-send, strongly consistent; None when there is none."""
    try:
        return value_of(PushRow.get(batch, name_of(sequence), consistent_read=True))
    except PushRow.DoesNotExist:
        return None


def claim(send: GroupSend) -> bool:
    """Store a new group-send; False when another delivery has claimed this sequence."""
    try:
        with losing_raises_conflict():
            row_of(send).save(condition=PushRow.member.does_not_exist())
    except ConflictError:
        return False
    return True


def change(before: GroupSend, after: GroupSend) -> bool:
    """Write a group-send's next state; False when another delivery has changed it since it was read."""
    try:
        with losing_raises_conflict():
            row_of(after).save(condition=is_still(before))
    except ConflictError:
        return False
    return True


def is_still(send: GroupSend) -> Condition:
    """Return the condition that a group-send is in this state, of this claim. Rows of before lack the claim's date."""
    is_this_claim = PushRow.planned_at.does_not_exist() | (PushRow.planned_at == instant(send.claimed_at))
    condition: Condition = (PushRow.state == f"send_{send.state}") & is_this_claim
    return condition


def record(send: GroupSend) -> None:
    """Write a group-send's new state."""
    row_of(send).save()


def name_of(sequence: int) -> str:
    """Return the range key of a group-send."""
    return f"{PREFIX}{sequence:04d}"


def row_of(send: GroupSend) -> PushRow:
    """Return the row; 10,000 members fit into one item only when packed."""
    packed = send.model_copy(update={"members": pack(send.members), "failed": pack(send.failed)})
    document = packed.model_dump_json(exclude_defaults=True)
    return PushRow(
        batch=send.batch,
        member=name_of(send.sequence),
        planned_at=instant(send.claimed_at),
        state=f"send_{send.state}",
        document=document,
        expires_at=int((send.claimed_at + settings().behaviour_retention).timestamp()),
    )


def value_of(row: PushRow) -> GroupSend:
    """Return the group-send that a row holds."""
    send = GroupSend.model_validate_json(row.document)
    return send.model_copy(update={"members": unpack(send.members), "failed": unpack(send.failed)})


def pack(names: tuple[str, ...]) -> tuple[str, ...]:
    """Return names as one compressed text."""
    return (b64encode(compress("\n".join(names).encode())).decode(),) if names else ()


def unpack(packed: tuple[str, ...]) -> tuple[str, ...]:
    """Return the names that were packed."""
    return tuple(decompress(b64decode(packed[0])).decode().split("\n")) if packed else ()
