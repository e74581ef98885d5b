"""Run the stand-in: `python -m infra.local.wecom --port 4600`."""

import argparse
import signal
import sys
import threading
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from infra.local.wecom.rules import CAPS, Rules
from infra.local.wecom.web.server import WecomServer
from infra.local.wecom.world import WecomWorld


def main(arguments: Sequence[str] | None = None) -> int:
    """Serve until SIGINT or SIGTERM; 1 with one line when the port is taken."""
    options = _parser().parse_args(arguments)
    world = WecomWorld(_now, Rules().changed(_rules(options)))
    try:
        server = WecomServer(world, options.host, options.port)
    except (OSError, OverflowError) as error:
        print(f"WeCom simulator: cannot listen on {options.host}:{options.port}: {error}", file=sys.stderr)
        return 1
    stopped = threading.Event()
    for each in (signal.SIGINT, signal.SIGTERM):
        signal.signal(each, lambda number, frame: stopped.set())
    with server:
        print(f"WeCom simulator: {server.base_url} (API /cgi-bin, inboxes /, interface /_sim)", flush=True)
        stopped.wait()
    return 0


def _parser() -> argparse.ArgumentParser:
    defaults = Rules()
    parser = argparse.ArgumentParser(
        prog="python -m infra.local.wecom",
        description="A strict stand-in for qyapi.weixin.qq.com, with staff, customers and inboxes (docs/simulator.md).",
    )
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default %(default)s)")
    parser.add_argument("--port", type=int, default=4600, help="port, 0 for a free one (default %(default)s)")
    parser.add_argument(
        "--dispatch-seconds",
        type=float,
        default=defaults.dispatch_delay.total_seconds(),
        help="how long the results of a new group-send answer 41063 (default %(default)s)",
    )
    parser.add_argument("--cap", choices=CAPS, default=defaults.cap, help="how often customers may receive")
    parser.add_argument(
        "--calls-at-once", type=int, default=defaults.calls_at_once, help="45033 beyond so many; 0 is no limit"
    )
    parser.add_argument("--latency-ms", type=float, default=0.0, help="how long every call takes")
    return parser


def _rules(options: argparse.Namespace) -> dict[str, Any]:
    return {
        "dispatch_delay": options.dispatch_seconds,
        "cap": options.cap,
        "calls_at_once": options.calls_at_once,
        "latency": options.latency_ms / 1000,
    }


def _now() -> datetime:
    return datetime.now(UTC)


if __name__ == "__main__":
    sys.exit(main())
