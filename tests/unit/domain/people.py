"""Customers of whom a few things are known, and the playbook that judges them."""

from datetime import UTC, datetime, timedelta
from functools import reduce
from typing import Any
from zoneinfo import ZoneInfo

from chalicelib.domain.conditions import holds
from chalicelib.domain.customer import Customer, Relation, Signal, Tag
from chalicelib.domain.playbook.conditions import Condition
from chalicelib.domain.playbook.playbook import Playbook
from chalicelib.domain.signals import record

NOW = datetime(2027, 3, 15, 4, tzinfo=UTC)  # noon in Shanghai
SEGMENTS = {"hot": {"tag": "keen"}, "cold": {"not": {"segment": "hot"}}}
PLAYBOOK = Playbook.model_validate(
    {
        "id": "p",
        "name": "p",
        "zone": "Asia/Shanghai",
        "contents": {},
        "segments": SEGMENTS,
        "journeys": [
            {
                "id": "j",
                "name": "j",
                "enter": {"when": {"friend": True}},
                "stages": [{"id": "s", "name": "s", "intent": "low", "weight": 1}],
            }
        ],
    }
)


def ago(hours: float) -> datetime:
    return NOW - timedelta(hours=hours)


def tag(revision: int = 1, until: datetime | None = None) -> Tag:
    return Tag(since=ago(9), at=ago(9), until=until, because="b", rule="r", revision=revision)


def signal(*hours: float, revision: int = 1) -> Signal:
    moments = [ago(one) for one in hours]
    made = reduce(lambda so_far, at: record(so_far, at, ZoneInfo("Asia/Shanghai")), moments, None)
    return made.model_copy(update={"revision": revision})  # type: ignore[union-attr]  # there is at least one


def tie(state: str, revision: int = 1) -> dict[str, Relation]:
    told = {"account": "a", "staff": "s", "external_userid": "e", "since": ago(9), "because": "b"}
    return {"a/s": Relation.model_validate({**told, "state": state, "revision": revision})}


def customer(**known: Any) -> Customer:
    return Customer(customer_id="c", **known)


def is_true(condition: dict[str, Any], who: Customer, now: datetime = NOW) -> bool:
    return holds(Condition.model_validate(condition), who, PLAYBOOK, now)
