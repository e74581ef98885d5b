"""The query of `GET /v1/costs`, and its cursor."""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from chalicelib.domain.costs.grouping import KEYS, Keys, Question
from chalicelib.domain.costs.period import Period
from chalicelib.errors import PermanentError

LONGEST = 92
FIELDS = ("from", "to", "by", "format", "cursor", *(key for key in KEYS if key != "day"))
Format = Literal["json", "csv"]
FORMATS: dict[str, Format] = {"json": "json", "csv": "csv"}


class BadQueryError(PermanentError):
    """A query that cannot be answered. `field` is the parameter that is wrong; the text says what to write."""

    def __init__(self, field: str, text: str) -> None:
        super().__init__(f"{field}: {text}")
        self.field = field


@dataclass(frozen=True)
class CostsQuery:
    """What is asked: `from` and `to` (days in UTC, both included), `by` keys, values of keys, and where to go on."""

    period: Period
    question: Question
    format: Format
    after: Keys | None


def read_query(query: Mapping[str, str]) -> CostsQuery:
    """Return what a query asks. Raises BadQueryError for the first parameter that is wrong."""
    if strangers := sorted(query.keys() - set(FIELDS)):
        raise BadQueryError(strangers[0], f"there is no such parameter; there are {', '.join(FIELDS)}")
    first, last = day_in(query, "from"), day_in(query, "to")
    if not 0 <= (last - first).days < LONGEST:
        raise BadQueryError("to", f"write a day from `from` on, at most {LONGEST} days in all; ask for longer in parts")
    question = question_in(query)
    if query.get("format", "json") not in FORMATS:
        raise BadQueryError("format", "write json or csv")
    return CostsQuery(Period(first, last), question, FORMATS[query.get("format", "json")], after(query, question))


def day_in(query: Mapping[str, str], field: str) -> date:
    """Return a day of the query."""
    try:
        return date.fromisoformat(query.get(field, ""))
    except ValueError:
        raise BadQueryError(field, "write a day in UTC, such as 2026-11-22") from None


def question_in(query: Mapping[str, str]) -> Question:
    """Return what is asked by, and which values of keys count."""
    only = {key: frozenset({query[key]}) for key in KEYS if key in query}
    try:
        return Question(tuple(query.get("by", "").split(",")) if query.get("by") else (), only)
    except ValueError as error:
        raise BadQueryError("by", str(error)) from None


def after(query: Mapping[str, str], question: Question) -> Keys | None:
    """Return the keys of the last row that the caller has; None from the beginning."""
    if "cursor" not in query:
        return None
    try:
        told: Any = json.loads(urlsafe_b64decode(query["cursor"].encode()))
    except (ValueError, RecursionError):
        told = None
    if not isinstance(told, list) or len(told) != len(question.by) or not all(isinstance(each, str) for each in told):
        raise BadQueryError("cursor", "write the `next` of the answer before, with the same `by`")
    return tuple(told)


def cursor_after(keys: Keys) -> str:
    """Return the cursor that goes on after a row."""
    return urlsafe_b64encode(json.dumps(keys, ensure_ascii=False).encode()).decode()
