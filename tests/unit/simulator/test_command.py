import signal
import socket
import subprocess
import sys

import pytest

from infra.local.wecom.__main__ import main


def test_help_names_every_option() -> None:
    shown = subprocess.run(
        [sys.executable, "-m", "infra.local.wecom", "--help"], capture_output=True, text=True, check=True
    ).stdout
    for option in ("--host", "--port", "--dispatch-seconds", "--cap", "--calls-at-once", "--latency-ms"):
        assert option in shown


def test_a_taken_port_is_one_line_and_status_1(capsys: pytest.CaptureFixture[str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        assert main(["--port", str(port)]) == 1
    assert capsys.readouterr().err.count("\n") == 1


def test_it_serves_until_it_is_told_to_stop() -> None:
    started = subprocess.Popen(
        [sys.executable, "-m", "infra.local.wecom", "--port", "0"], stdout=subprocess.PIPE, text=True
    )
    with started:
        assert started.stdout is not None
        assert "http://127.0.0.1:" in started.stdout.readline()
        started.send_signal(signal.SIGTERM)
        assert started.wait(10) == 0
