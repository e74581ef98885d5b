"""The cloud on this machine: MiniStack with IAM enforced, and the very template and zip that go to AWS.

docs/emulator.md says what it covers and what it does not.
"""

import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from typing import Any, Self

import boto3

from infra.dependencies import BUILD
from infra.deploy import deploy
from infra.failure import Failure
from infra.local.invocations import Report, reports
from infra.local.warming import warm_up
from infra.package import Package
from infra.stack import Stack
from infra.upload import ensure_bucket

REGION = "ap-southeast-1"
STACK = "chaoxi-local"
BUCKET = "chaoxi-local-code"
KEY = "test"  # the emulator's root, whose calls no policy restricts; every function has its own role
PATIENCE = 30.0
# The emulator takes a returned partial failure of a stream for success, so handlers raise. A worker is a process.
# A queue's retry comes in seconds: at the demonstration's speed, six minutes are two weeks.
DEFAULTS = {
    "RaiseOnPartialFailure": "1",
    "StepConcurrency": "4",
    "DeliverConcurrency": "2",
    "VisibilitySeconds": "30",
    "PushesVisibilitySeconds": "60",
}


@dataclass(frozen=True)
class Outputs:
    """What a deployment made: the API's base URL without a slash, the stack's name, and all outputs by name."""

    api_url: str
    stack: str
    values: dict[str, str]


class Emulator:
    """A running emulator; use it in a `with`, or call `stop`.

    Raises Failure when the port is taken or the emulator does not come up.
    """

    def __init__(self, port: int = 0, log: Path | None = None) -> None:
        self.port = free_port(port)
        self.endpoint_url = f"http://127.0.0.1:{self.port}"
        self.log = log or BUILD / f"emulator-{self.port}.log"
        self.folder = Path(tempfile.mkdtemp(prefix="chaoxi-emulator-"))
        self.session = boto3.Session(aws_access_key_id=KEY, aws_secret_access_key=KEY, region_name=REGION)
        self.process = self.started()
        try:
            self.await_health()
        except BaseException:
            self.stop()
            raise

    def started(self) -> "subprocess.Popen[bytes]":
        """Start MiniStack in a process group of its own, with nothing of our environment but what it needs."""
        inherited = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
        environment = inherited | {
            "AUTH": "true",
            "BIND_HOST": "127.0.0.1",
            "GATEWAY_PORT": str(self.port),
            "MINISTACK_REGION": REGION,
            "AWS_ACCESS_KEY_ID": KEY,
            "AWS_SECRET_ACCESS_KEY": KEY,
            "PERSIST_STATE": "0",
            "S3_DATA_DIR": str(self.folder / "s3"),
            "STATE_DIR": str(self.folder / "state"),
            "TMPDIR": str(self.folder),
        }
        self.log.parent.mkdir(parents=True, exist_ok=True)
        with self.log.open("wb") as log:
            return subprocess.Popen(
                [sys.executable, "-m", "ministack"],
                env=environment,
                cwd=self.folder,
                stdout=log,
                stderr=subprocess.STDOUT,
                stdin=subprocess.DEVNULL,
                start_new_session=True,
            )

    def await_health(self) -> None:
        """Return when it answers."""
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            self.check_alive()
            if self.answers():
                return
            time.sleep(0.1)
        raise Failure(f"the emulator does not answer after {PATIENCE:.0f} s; its log is {self.log}")

    def answers(self) -> bool:
        """Ask it once."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=2)
        try:
            connection.request("GET", "/_ministack/health")
            return connection.getresponse().status == 200
        except OSError:
            return False
        finally:
            connection.close()

    def check_alive(self) -> None:
        """Raise Failure when the emulator has ended."""
        if (code := self.process.poll()) is not None:
            last = self.log.read_text(errors="replace").strip().splitlines()[-1:] or ["nothing"]
            raise Failure(f"the emulator ended with code {code}; the last line of {self.log}: {last[0]}")

    def client(self, service: Any) -> Any:
        """Return a boto3 client of the emulator's root."""
        return self.session.client(service, endpoint_url=self.endpoint_url)

    def deploy(self, made: Package, **parameters: str) -> Outputs:
        """Deploy a package of the local stage through CloudFormation, and start each of its functions once.

        `parameters` are those of infra/template.yaml. Raises Failure for a function that does not start.
        """
        ensure_bucket(self.session, BUCKET, self.endpoint_url)
        stack = Stack(self.client("cloudformation"), STACK, pause=0.2)
        given = {**DEFAULTS, **parameters}
        values = deploy(
            made,
            self.session,
            stack,
            BUCKET,
            given,
            agreed=lambda _: True,
            tell=lambda _: None,
            endpoint_url=self.endpoint_url,
        )
        api = f"{self.endpoint_url}/restapis/{values['RestAPIId']}/api/_user_request_"
        warm_up(self.client("lambda"), api)
        return Outputs(api, STACK, values)

    def invocations(self) -> list[Report]:
        """Return every invocation since the start, from the REPORT lines of its CloudWatch logs."""
        return reports(self.client("logs"), STACK)

    def stop(self) -> None:
        """End the emulator with all its workers; its data go soon after."""
        for sign in (signal.SIGTERM, signal.SIGKILL):
            try:
                os.killpg(self.process.pid, sign)
                self.process.wait(timeout=5)
            except ProcessLookupError:
                break
            except subprocess.TimeoutExpired:
                continue
        remove(self.folder)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()


def remove(folder: Path) -> None:
    """Remove a folder in a process that outlives this one: each worker leaves 2,000 files, a dying one still writes."""
    again = '(for _ in 1 2 3; do rm -rf "$0" && exit; sleep 1; done) < /dev/null > /dev/null 2>&1 &'
    subprocess.run(["/bin/sh", "-c", again, str(folder)], env={}, cwd="/", start_new_session=True, check=False)


def free_port(wanted: int) -> int:
    """Return the wanted port, or any free one for 0. Raises Failure when it is taken."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", wanted))
        except OSError:
            raise Failure(f"port {wanted} is in use: choose another one") from None
        return int(probe.getsockname()[1])
