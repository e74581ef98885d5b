"""AWS on a socket, as much of it as three functions ask for, so that a function can be measured in its own process."""

import hashlib
import json
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from tests.harness.remote import AwsError, Json
from tests.integration.festival.memory_tables import KEYS, MemoryTables

ALL_KEYS = {**KEYS, "catalog": ("kind", "id"), "tokens": ("account",)}


@dataclass
class Services:
    """Tables, parameters; and what was put on queues and planned as schedules."""

    tables: MemoryTables = field(default_factory=lambda: MemoryTables(ALL_KEYS))
    parameters: dict[str, str] = field(default_factory=dict)
    messages: list[Json] = field(default_factory=list)
    schedules: list[Json] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def answer(self, path: str, target: str, params: Json) -> Json:
        """Answer one call."""
        service, _, operation = target.partition(".")
        if service.startswith("DynamoDB"):
            return self.tables.answer(operation, params) or {}
        if service == "AmazonSQS":
            self.messages.append(params)
            return {"MessageId": "m", "MD5OfMessageBody": md5(params["MessageBody"])}
        if service == "AmazonSSM":
            value = self.parameters[params["Name"]]
            return {"Parameter": {"Name": params["Name"], "Value": value, "Type": "SecureString"}}
        self.schedules.append({"Name": path.rpartition("/")[2], **params})
        return {"ScheduleArn": path}


def md5(text: str) -> str:
    """Return the checksum that SQS gives."""
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()


@contextmanager
def served(services: Services) -> Iterator[str]:
    """Serve on a free port of this machine; yield the URL."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True
        wbufsize = 65_536  # an answer in two packets waits for an acknowledgement in between

        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])) or b"{}")
            status, answer = taken(services.answer, self.path, self.headers.get("X-Amz-Target", ""), body, services)
            data = json.dumps(answer).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/x-amz-json-1.0")
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def taken(
    answer: Callable[[str, str, Json], Json], path: str, target: str, body: Mapping[str, Any], services: Services
) -> tuple[int, Json]:
    """Return status and body; a refusal as AWS words it."""
    with services.lock:
        try:
            return 200, answer(path, target, dict(body))
        except AwsError as error:
            told = error.parsed["Error"]
            return error.status, {"__type": f"aws#{told['Code']}", "message": told["Message"]}
