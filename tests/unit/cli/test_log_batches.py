"""Batches of log lines that Book gave up on are handed to it again as they were."""

import io
import json
from typing import Any

import pytest

from infra.cli.failure_queue import Failed
from infra.cli.log_batches import LogBatches
from infra.cli.putting_back import NotPutBackError

EVENT = {"awslogs": {"data": "H4sI"}}
NEWS = {
    "requestContext": {"requestId": "r1", "condition": "RetriesExhausted"},
    "requestPayload": EVENT,
    "responsePayload": {"errorType": "TransientError", "errorMessage": "others write the same lines"},
}


class Book:
    """Stands where the connection and Lambda stand."""

    def __init__(self, error: str = "") -> None:
        self.error, self.called = error, list[Any]()

    def physical(self, logical_id: str) -> str:
        return f"chaoxi-dev-{logical_id}-A1"

    def client(self, _service: str) -> "Book":
        return self

    def invoke(self, FunctionName: str, Payload: bytes) -> dict[str, Any]:
        self.called.append((FunctionName, json.loads(Payload)))
        said = json.dumps({"errorType": self.error, "errorMessage": "no"}).encode()
        return {"FunctionError": "Unhandled", "Payload": io.BytesIO(said)} if self.error else {}


def failed(body: Any) -> Failed:
    return Failed("m1", "handle", body if isinstance(body, str) else json.dumps(body))


def batches(book: Any) -> LogBatches:
    return LogBatches(book)


def test_a_batch_goes_back_as_it_was() -> None:
    book = Book()
    assert batches(book).put_back(failed(NEWS)) == "by a call of chaoxi-dev-Book-A1"
    assert book.called == [("chaoxi-dev-Book-A1", EVENT)]


def test_a_batch_is_named_by_its_call_and_says_why_it_failed() -> None:
    found = batches(Book())
    assert found.name_of(failed(NEWS)) == "r1"
    assert found.reason_of(failed(NEWS)) == "TransientError: others write the same lines"
    assert found.reason_of(failed({**NEWS, "responsePayload": None})) == "RetriesExhausted"


@pytest.mark.parametrize("body", ["no json", [], {}, {"requestPayload": None}])
def test_what_holds_no_batch_stays_where_it_is(body: Any) -> None:
    book = Book()
    with pytest.raises(NotPutBackError, match="no batch of log lines"):
        batches(book).put_back(failed(body))
    assert batches(book).name_of(failed(body)) == "m1"
    assert book.called == []


def test_a_batch_that_fails_again_stays_with_its_error() -> None:
    with pytest.raises(NotPutBackError, match="TransientError: no"):
        batches(Book("TransientError")).put_back(failed(NEWS))
