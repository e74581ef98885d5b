"""Putting back batches of log lines that Book could not book: Lambda keeps the whole event with the news."""

import json
from typing import Any

from infra.cli.connect import Connection
from infra.cli.failure_queue import Failed


class LogBatches:
    """Calls Book with the batch again. One that was booked meanwhile changes nothing: booking is exactly once."""

    failures = "BookFailures"

    def __init__(self, connection: Connection) -> None:
        self.connection, self.physical = connection, connection.physical("Book")

    def name_of(self, message: Failed) -> str:
        """Return the request id of the call that failed."""
        return str(news_in(message).get("requestContext", {}).get("requestId") or message.message_id)

    def reason_of(self, message: Failed) -> str:
        """Return why it failed."""
        news = news_in(message)
        said = news.get("responsePayload") or {}
        condition = news.get("requestContext", {}).get("condition", "given up after all retries")
        return f"{said['errorType']}: {said.get('errorMessage')}" if "errorType" in said else str(condition)

    def is_back(self, message: Failed) -> bool:
        """Whether it may be back: a batch bears no mark."""
        return True

    def put_back(self, message: Failed) -> str:
        """Call Book and wait for it. Raises NotPutBackError when it fails again."""
        from infra.cli.putting_back import NotPutBackError

        event = news_in(message).get("requestPayload")
        if not isinstance(event, dict):
            raise NotPutBackError("it holds no batch of log lines")
        payload = json.dumps(event).encode()
        answer = self.connection.client("lambda").invoke(FunctionName=self.physical, Payload=payload)
        if answer.get("FunctionError"):
            said = json.loads(answer["Payload"].read() or b"{}")
            raise NotPutBackError(f"the function failed: {said.get('errorType')}: {said.get('errorMessage')}")
        return f"by a call of {self.physical}"


def news_in(message: Failed) -> dict[str, Any]:
    """Return what Lambda says of a failed call; nothing for a message of somebody else."""
    try:
        body = json.loads(message.body)
    except ValueError:
        return {}
    return body if isinstance(body, dict) else {}
