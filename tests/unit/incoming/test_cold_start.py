"""The callback path loads only what it runs."""

import subprocess
import sys

FORBIDDEN = (
    "yaml",
    "aws_xray_sdk",
    "aws_lambda_powertools.utilities.parser",
    "chalicelib.domain.playbook",
    "chalicelib.gateways.wecom",
    "chalicelib.gateways.schedules",
    "requests",
    "wechatpy",
)
PROGRAM = (
    "import sys, chalicelib.handlers.wechat_http, chalicelib.handlers.tracking_http; print(*sys.modules, sep='\\n')"
)


def test_the_incoming_path_loads_no_playbook_no_wecom_client_and_no_tracer() -> None:
    loaded = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=True).stdout.split()
    assert [name for name in FORBIDDEN if any(f"{found}.".startswith(f"{name}.") for found in loaded)] == []
