"""What every stored item has in common: its keys on top, and the rest of it as one JSON document.

A document is written whole, under a condition, so a row is never half of one version and half of another. What a
condition, an index, a stream filter or a TTL must see stands beside it as an attribute of its own.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import ClassVar

from botocore.exceptions import ClientError
from pynamodb.connection import Connection, TableConnection
from pynamodb.exceptions import PynamoDBException
from pynamodb.models import Model
from pynamodb.transactions import TransactWrite

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


class Row(Model):
    """An item of any table. All tables share one connection: each would else build a client of its own, slowly."""

    shared: ClassVar[Connection | None] = None

    @classmethod
    def _get_connection(cls) -> TableConnection:
        """Return the table's connection, which speaks through the shared one."""
        table = super()._get_connection()
        shared = connection()
        if table.connection is not shared:
            if table.table_name not in shared._tables:
                shared.add_meta_table(table.get_meta_table())
            table.connection = shared
        return table


def connection() -> Connection:
    """Return the connection of all tables."""
    if Row.shared is None:
        Row.shared = Connection(
            connect_timeout_seconds=Table.connect_timeout_seconds,
            read_timeout_seconds=Table.read_timeout_seconds,
            max_retry_attempts=Table.max_retry_attempts,
        )
    return Row.shared


def connect() -> None:
    """Build the client of all tables: where there is full speed, as in INIT, it should not wait for a first call."""
    _ = connection().client


class Table:
    """How every table is called: a caller such as WeChat waits five seconds in all, so no single try may take long."""

    connect_timeout_seconds = 1
    read_timeout_seconds = 2
    max_retry_attempts = 2


def transaction() -> TransactWrite:
    """Return a transaction over the connection of all tables."""
    return TransactWrite(connection=connection())
