"""Erasing a person: what has to go, which wake-ups that concerns, and what may stay behind."""

import hashlib
import hmac
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime

from pydantic import Field

from chalicelib.domain.behaviour import Behaviour
from chalicelib.domain.enrolment import Enrolment
from chalicelib.domain.folding import TIME_PASSED, Timer, awaited, concerns, name_of
from chalicelib.domain.playbook.playbook import Playbook
from chalicelib.domain.playbook.rules import Absence, Rule
from chalicelib.domain.push import digest
from chalicelib.domain.value import Value


class Work(Value):
    """An erasure that is under way: what it looks for, and how many rows of each table it has found."""

    customer_id: str
    began_at: datetime
    customer_ids: tuple[str, ...]
    identities: tuple[str, ...]
    found: dict[str, int] = Field(default_factory=dict)

    def concerns(self, key: str) -> bool:
        """Whether a customer's id or an identity is one of those being erased."""
        return key in (*self.customer_ids, *self.identities)

    def joined(self, other: "Work") -> "Work":
        """Return both as one. Of each table the higher count holds: what was deleted before is not found again."""
        tables = self.found.keys() | other.found.keys()
        return self.model_copy(update={
            "customer_ids": tuple(sorted({*self.customer_ids, *other.customer_ids})),
            "identities": tuple(sorted({*self.identities, *other.identities})),
            "found": {table: max(self.found.get(table, 0), other.found.get(table, 0)) for table in sorted(tables)},
        })


class Receipt(Value):
    """Proof of an erasure. It names nobody: `tombstones` are salted hashes of the keys that the person had."""

    receipt: str
    erased_at: datetime
    deleted: Mapping[str, int]
    wakeups_cancelled: int
    tombstones: tuple[str, ...] = ()


def receipt_of(work: Work, wakeups: int, salt: bytes, now: datetime) -> Receipt:
    """Return the receipt of an erasure."""
    stones = tuple(sorted(tombstone(key, salt) for key in {*work.customer_ids, *work.identities}))
    return Receipt(
        receipt=digest(*stones, now.isoformat()),
        erased_at=now,
        deleted=work.found,
        wakeups_cancelled=wakeups,
        tombstones=stones,
    )


def tombstone(key: str, salt: bytes) -> str:
    """Return what is kept of a key: enough to know it again when it is shown, and not to find out what it was."""
    return hmac.new(salt, key.encode(), hashlib.sha256).hexdigest()


def wakeups_of(enrolment: Enrolment) -> Iterator[int]:
    """Yield the versions of an enrolment whose wake-ups may be out."""
    if enrolment.due_at:
        yield enrolment.version
    if enrolment.superseded:
        yield enrolment.superseded


def timers_of(behaviour: Behaviour, playbooks: Iterable[Playbook], now: datetime) -> Iterator[Timer]:
    """Yield the timers that a behaviour may have started and that are still running."""
    for playbook in playbooks:
        for rule in playbook.rules:
            started = (*awaited(rule, playbook, behaviour), *lapses_of(rule, playbook, behaviour))
            yield from (timer for timer in started if timer.due_at > now)


def lapses_of(rule: Rule, playbook: Playbook, behaviour: Behaviour) -> Iterator[Timer]:
    """Yield the timers of the tags that a behaviour may have earned by a rule."""
    since = behaviour.occurred_at
    is_time_up = behaviour.name == TIME_PASSED and behaviour.properties.get("rule") == f"{playbook.id}/{rule.id}"
    if is_time_up if isinstance(rule.when, Absence) else concerns(rule.when, behaviour):
        for grant in rule.add:
            if grant.lasting:
                yield Timer(f"lapse/{name_of(grant, behaviour)}", behaviour.key, since, since + grant.lasting)
