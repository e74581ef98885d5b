"""What every stored item has in common: its keys on top, and the rest of it as one JSON document.

A document is written whole, under a condition, so a row is never half of one version and half of another. What a
condition, an index, a stream filter or a TTL must see stands beside it as an attribute of its own.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from botocore.exceptions import ClientError
from pynamodb.exceptions import PynamoDBException

from chalicelib.errors import ConflictError

CONFLICTS = ("ConditionalCheckFailedException", "TransactionCanceledException", "TransactionConflictException")


@contextmanager
def losing_raises_conflict() -> Iterator[None]:
    """Turn a failed condition into ConflictError; every other error passes."""
    try:
        yield
    except PynamoDBException as error:
        if code_of(error) in CONFLICTS:
            raise ConflictError("the row was written by another delivery") from error
        raise


def code_of(error: PynamoDBException) -> str | None:
    """Return DynamoDB's own code; None for a call that got no answer, of which PynamoDB cannot be asked."""
    return str(error.cause.response["Error"]["Code"]) if isinstance(error.cause, ClientError) else None


class Table:
    """How every table is called: a caller such as WeChat waits five seconds in all, so no single try may take long."""

    connect_timeout_seconds = 1
    read_timeout_seconds = 2
    max_retry_attempts = 2
