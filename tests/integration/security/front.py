"""The front door as an attacker meets it: every answer with what it made the function do, and all that was printed."""

import io
import logging
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from datetime import UTC, datetime

from chalicelib.domain.behaviour import Behaviour
from chalicelib.models.write_keys import READ
from chalicelib.services.rotate_write_key import rotate_write_key
from tests.harness.http import Query, Reply
from tests.harness.wecom import MAIN, WecomCloud

WRITES = {"PutItem", "UpdateItem", "DeleteItem", "BatchWriteItem", "TransactWriteItems"}
# What no line of a log may hold: the secrets, and what people wrote. Plain ASCII, so that no escaping hides it.
PHONE, WORDS = "+8613912345678", "MARKED-WORDS-OF-A-PERSON"
SECRETS = (MAIN.token, MAIN.aes_key, MAIN.secret, PHONE, PHONE.removeprefix("+86"), WORDS)


@dataclass(frozen=True)
class Front:
    """A deployment with one account, one source and one reader of costs."""

    cloud: WecomCloud
    write_key: str
    read_key: str
    printed: io.StringIO

    def send(
        self, method: str, path: str, body: bytes, headers: Mapping[str, str], query: Query | None = None
    ) -> tuple[Reply, set[str]]:
        """Make a request; return the answer and the operations that wrote into a table. Checks what was printed."""
        self.printed.truncate(0)
        self.printed.seek(0)
        self.cloud.invocations.clear()
        reply = self.cloud.request(method, path, body, headers, query or {})
        self.check_what_was_printed()
        calls = (call for invocation in self.cloud.invocations for call in invocation.calls)
        return reply, {call.operation for call in calls} & WRITES

    def check_what_was_printed(self) -> None:
        """Assert that no secret of the account or the source, and nothing that a person wrote, is in a log."""
        text = self.printed.getvalue()
        keys = [key.partition(".")[2] for key in (self.write_key, self.read_key)]
        found = [secret for secret in (*SECRETS, *keys) if secret in text]
        assert not found, text

    def behaviours(self) -> list[Behaviour]:
        """Return what is in the tables, all of which must be behaviours, beside the keys."""
        tables = {name: rows for name, rows in self.cloud.tables().items() if rows}
        assert set(tables) <= {"behaviours", "catalog"}
        assert {row["kind"] for row in tables["catalog"]} == {"write_key", "read_key"}
        return [Behaviour.model_validate_json(row["document"]) for row in tables.get("behaviours", [])]


@contextmanager
def front() -> Iterator[Front]:
    """Yield a front door whose log lines and prints are kept."""
    with WecomCloud() as cloud, printed() as text:
        now = datetime.now(UTC)
        yield Front(cloud, rotate_write_key("shop", now), rotate_write_key("finance", now, kind=READ), text)


@contextmanager
def printed() -> Iterator[io.StringIO]:
    """Keep everything that is printed or logged, in the form in which it is written."""
    text = io.StringIO()
    with ExitStack() as ending:
        ending.enter_context(redirect_stdout(text))
        ending.enter_context(redirect_stderr(text))
        for handler in stream_handlers():
            ending.callback(handler.setStream, handler.setStream(text) or text)
        yield text


def stream_handlers() -> list["logging.StreamHandler[io.StringIO]"]:
    """Return every handler that writes to a stream."""
    loggers = [logging.getLogger(), *map(logging.getLogger, logging.root.manager.loggerDict)]
    found = {id(handler): handler for logger in loggers for handler in logger.handlers}
    return [handler for handler in found.values() if isinstance(handler, logging.StreamHandler)]
