"""`make run`, small: it ends well, or with one line, and leaves nothing running."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from infra.dependencies import ROOT

pytestmark = pytest.mark.e2e
SMALL = ("--customers", "8", "--staff", "2", "--seconds", "5", "--days", "1.1")
PATIENCE = 180.0


@contextmanager
def demo(*arguments: str) -> Iterator["subprocess.Popen[str]"]:
    """Start the demonstration in a group of its own, and end what is left of it."""
    command = [sys.executable, "-u", "-m", "infra.local.demo", *arguments]
    environment = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    with subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                          start_new_session=True) as running:
        try:
            yield running
        finally:
            if running.poll() is None:
                running.terminate()


def emulators_of(port: int) -> list[int]:
    """Return the processes that belong to the emulator on a port: itself, and its functions."""
    found = []
    for process in filter(str.isdigit, os.listdir("/proc")):  # noqa: PTH208 - a list of names
        try:
            with open(f"/proc/{process}/environ", "rb") as environ:  # noqa: PTH123
                if f"GATEWAY_PORT={port}".encode() in environ.read().split(b"\0"):
                    found.append(int(process))
        except OSError:
            continue
    return found


def await_line(running: "subprocess.Popen[str]", words: str) -> None:
    """Read what is printed up to a line that holds some words."""
    assert running.stdout is not None
    for line in running.stdout:
        if words in line:
            return
    raise AssertionError(f"ended without {words!r}: {running.stderr.read() if running.stderr else ''}")


def free_base() -> int:
    """Return a port that is free, and so is the next."""
    for port in range(4670, 4698, 2):
        with socket.socket() as one, socket.socket() as two:
            try:
                one.bind(("127.0.0.1", port))
                two.bind(("127.0.0.1", port + 1))
            except OSError:
                continue
            return port
    raise AssertionError("no free ports")


def test_a_small_play_ends_well_and_says_so() -> None:
    port = free_base()
    with demo("--once", "--port-base", str(port), *SMALL) as running:
        output, errors = running.communicate(timeout=PATIENCE)
    assert (running.returncode, errors) == (0, ""), output
    assert "Every step that was due was sent, or has a reason." in output
    assert emulators_of(port) == []


@pytest.mark.parametrize("which", [0, 1])
def test_a_port_in_use_is_one_line(which: int) -> None:
    port = free_base()
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", port + which))
        taken.listen()
        began = time.monotonic()
        with demo("--once", "--port-base", str(port), *SMALL) as running:
            _, errors = running.communicate(timeout=PATIENCE)
    assert (running.returncode, errors) == (1, f"error: port {port + which} is in use: choose another one\n")
    assert time.monotonic() - began < 20
    assert emulators_of(port) == []


def test_a_dead_emulator_is_one_line_and_leaves_nothing_running() -> None:
    port = free_base()
    with demo("--port-base", str(port), *SMALL) as running:
        await_line(running, "chalice package")
        emulator = min(emulators_of(port))
        os.kill(emulator, signal.SIGKILL)
        _, errors = running.communicate(timeout=PATIENCE)
    assert running.returncode == 1
    assert errors.startswith("error: the emulator ended with code -9")
    assert len(errors.splitlines()) == 1
    assert emulators_of(port) == []


@pytest.mark.parametrize("ending", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupted_play_leaves_nothing_running(ending: signal.Signals) -> None:
    port = free_base()
    with demo("--port-base", str(port), *SMALL) as running:
        await_line(running, "chalice package")
        running.send_signal(ending)
        _, errors = running.communicate(timeout=PATIENCE)
    assert (running.returncode, errors) == (130, "interrupted\n")
    assert emulators_of(port) == []
