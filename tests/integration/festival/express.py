"""The models' connection to tables in memory, without botocore's way there, which is most of a call's time."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from pynamodb.connection import Connection
from pynamodb.exceptions import VerboseClientError

from chalicelib.models.row import Row
from tests.harness.remote import AwsError, Json
from tests.integration.festival.memory_tables import MemoryTables


class Express(Connection):
    """Answers from memory; what the tables there do not have goes the usual way."""

    def __init__(self, memory: MemoryTables) -> None:
        super().__init__()
        self.memory = memory

    def _make_api_call(self, operation_name: str, operation_kwargs: dict[str, Any]) -> Json:
        """Do an operation, with the errors that the models know."""
        try:
            found = self.memory.answer(operation_name, operation_kwargs)
        except AwsError as error:
            names = {"request_id": "", "table_name": ""}
            raise VerboseClientError(error.parsed, operation_name, names) from error
        usual: Json = super()._make_api_call(operation_name, operation_kwargs) if found is None else found
        return usual


@contextmanager
def express(memory: MemoryTables) -> Iterator[None]:
    """Let the models speak to tables in memory while the block lasts."""
    before, Row.shared = Row.shared, Express(memory)
    try:
        yield
    finally:
        Row.shared = before
