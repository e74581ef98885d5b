"""Staff confirm group-sends on their phones: by hand, or as a policy says."""

import hashlib
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from infra.local.wecom.errors import SimulatorError
from infra.local.wecom.state.corp import Corp
from infra.local.wecom.state.group_sends import Fate, GroupSend, Receiver
from infra.local.wecom.state.messages import Content, Message
from infra.local.wecom.state.people import Standing
from infra.local.wecom.state.world_state import WorldState


@dataclass(frozen=True)
class Confirmed:
    """How many receivers of one task met which fate."""

    sent: int = 0
    not_a_friend: int = 0
    capped: int = 0


@dataclass(frozen=True)
class Waiting:
    """One task on one phone. It can be confirmed from `ready_at` on."""

    corp_id: str
    userid: str
    send: GroupSend

    @property
    def ready_at(self) -> datetime:
        """When the platform has dispatched it."""
        return self.send.dispatched_at


@dataclass(frozen=True)
class ConfirmPolicy:
    """Staff confirm a task after a while, or never: with what probability, by which random seed."""

    after: timedelta
    probability: float = 1.0
    seed: int = 0

    def wants(self, task: Waiting) -> bool:
        """Return whether this task is ever confirmed: the same answer whenever it is asked."""
        # The draw is a function of the task, so that neither the order nor the number of questions changes it.
        key = f"{self.seed}/{task.corp_id}/{task.userid}/{task.send.msgid}"
        draw = int.from_bytes(hashlib.sha256(key.encode()).digest()[:8], "big")
        return draw < self.probability * 2**64

    def due_at(self, task: Waiting) -> datetime:
        """Return when it is confirmed."""
        return max(task.ready_at, task.send.created_at + self.after)


@dataclass
class Confirmations:
    """Confirms; `settle` does what the policy has made due meanwhile."""

    state: WorldState
    policy: ConfirmPolicy | None = None
    declined: set[tuple[str, str]] = field(default_factory=set)

    def waiting(self) -> Iterator[Waiting]:
        """Yield every task that nobody has confirmed."""
        for corp in self.state.corps.values():
            for send in corp.group_sends.values():
                yield from (Waiting(corp.corp_id, each, send) for each in send.receivers if send.is_waiting_for(each))

    def set_policy(self, policy: ConfirmPolicy | None) -> None:
        """Follow this policy from now on, for tasks that wait already too."""
        self.policy = policy
        self.declined.clear()

    def settle(self, now: datetime) -> None:
        """Confirm what became due, each at its own time, in the order of time."""
        policy = self.policy
        if policy is None:
            return
        due = [(policy.due_at(task), task) for task in self._undecided() if policy.due_at(task) <= now]
        for at, task in sorted(due, key=lambda pair: pair[0]):
            if policy.wants(task):
                self.confirm(task, at)
            else:
                self.declined.add((task.send.msgid, task.userid))

    def confirm(self, task: Waiting, now: datetime) -> Confirmed:
        """The staff member taps "send": messages land, except where the relation or the cap forbids."""
        if now < task.ready_at:
            raise SimulatorError(f"{task.send.msgid} is still being dispatched")
        if not task.send.is_waiting_for(task.userid):
            raise SimulatorError(f"{task.send.msgid} does not wait for {task.userid}")
        corp, fates = self.state.corps[task.corp_id], Counter[Fate]()
        message = Message(now, task.userid, "group_send", task.send.content, task.send.msgid)
        for target, receiver in task.send.receivers[task.userid].items():
            receiver.fate, receiver.at = self._fate(corp, task, target, now), now
            fates[receiver.fate] += 1
            if receiver.fate is Fate.SENT:
                corp.allowances.note(target, now)
                corp.receive(target, message)
                _note_contact(corp, task.userid, target, now)
        task.send.confirmed_at[task.userid] = now
        return Confirmed(fates[Fate.SENT], fates[Fate.NOT_A_FRIEND], fates[Fate.CAPPED])

    def _undecided(self) -> list[Waiting]:
        return [task for task in self.waiting() if (task.send.msgid, task.userid) not in self.declined]

    def _fate(self, corp: Corp, task: Waiting, target: str, now: datetime) -> Fate:
        if task.send.chat_type == "single":
            relation = corp.known(task.userid, target)
            if relation is None or relation.standing is not Standing.FRIEND:
                return Fate.NOT_A_FRIEND
        elif target not in corp.chats:
            return Fate.NOT_A_FRIEND
        return Fate.SENT if corp.allowances.has_room(target, now, self.state.rules.cap) else Fate.CAPPED


def _note_contact(corp: Corp, userid: str, target: str, now: datetime) -> None:
    relation = corp.known(userid, target)
    if relation is not None:
        relation.last_contact_at = now


def send_by_hand(
    state: WorldState, corp: Corp, userid: str, customers: Sequence[str], text: str, now: datetime
) -> Waiting:
    """Return a group-send that a staff member made in the client."""
    receivers = {userid: {target: Receiver() for target in customers}}
    send = GroupSend(state.new_id("msgSIM"), "single", Content(text), now, now, receivers, creator=userid)
    corp.group_sends[send.msgid] = send
    return Waiting(corp.corp_id, userid, send)
