"""The costs API: what the ledger says, for finance's own programs. Read with a read key, which can do nothing else."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime

from chalicelib.config import settings
from chalicelib.domain.costs.grouping import Costs, Row
from chalicelib.domain.costs.money import exact
from chalicelib.domain.costs.table import cells_of, csv_of, heads_of, record_of
from chalicelib.domain.pricing.book import currency_of
from chalicelib.handlers.answer import Answer
from chalicelib.handlers.trouble import TROUBLE
from chalicelib.models.write_keys import READ
from chalicelib.observability import count, logger
from chalicelib.schemas.costs_query import BadQueryError, CostsQuery, cursor_after, read_query
from chalicelib.schemas.tracking.credentials import key_in_headers
from chalicelib.schemas.tracking.refused import RefusedCallError
from chalicelib.services.authenticate_source import holder_of
from chalicelib.services.read_costs import read_costs

PAGE = 1000
JSON = {"Content-Type": "application/json"}
CSV = {"Content-Type": "text/csv; charset=utf-8"}


def receive(headers: Mapping[str, str], query: Mapping[str, str]) -> Answer:
    """Answer a question: 200 with at most 1,000 rows, 401 without a good read key, 400 with the field that is wrong."""
    try:
        return answer(headers, query, datetime.now(UTC))
    except RefusedCallError:
        count("CostsRefused")
        return refused(401, "wrong_key", "the read key is missing or not valid")
    except BadQueryError as error:
        return refused(400, "invalid_query", str(error), field=error.field)
    except TROUBLE as error:
        logger.error("costs cannot be read", extra={"reason": type(error).__name__})
        return refused(500, "try_again", "please ask again")


def answer(headers: Mapping[str, str], query: Mapping[str, str], now: datetime) -> Answer:
    """Answer somebody whose key is good."""
    key = key_in_headers(headers)
    if key is None or holder_of(key, now, READ) is None:
        raise RefusedCallError("wrong_key", "no read key")
    asked = read_query(query)
    costs = read_costs(asked.period, asked.question, currency_of(settings().region))
    page, has_more = costs.page(asked.after, PAGE)
    following = cursor_after(page[-1].keys) if has_more else None
    return as_csv(costs, page, following) if asked.format == "csv" else as_json(asked, costs, page, following)


def as_json(asked: CostsQuery, costs: Costs, page: list[Row], following: str | None) -> Answer:
    """Answer for a program. `total` is that of all pages, `next` the cursor of the next one, if any."""
    told = {
        "from": asked.period.first.isoformat(),
        "to": asked.period.last.isoformat(),
        "zone": "UTC",
        "by": asked.question.by,
        "currency": costs.currency,
        "price_books": costs.books,
        "rows": [record_of(row, costs) for row in page],
        "total": exact(costs.total),
        "unpriced": costs.unpriced,
        "next": following,
    }
    return Answer(200, json.dumps(told, ensure_ascii=False), JSON)


def as_csv(costs: Costs, page: list[Row], following: str | None) -> Answer:
    """Answer for a spreadsheet; the cursor of the next page is in a header."""
    text = csv_of(heads_of(costs), [cells_of(row, costs) for row in page], keys=len(costs.question.by))
    return Answer(200, text, {**CSV, **({"X-Next-Cursor": following} if following else {})})


def refused(status: int, code: str, message: str, **more: str) -> Answer:
    """Answer with an error."""
    headers = {**JSON, "WWW-Authenticate": 'Basic realm="read key"'} if status == 401 else JSON
    return Answer(status, json.dumps({"success": False, "code": code, "message": message, **more}), headers)
