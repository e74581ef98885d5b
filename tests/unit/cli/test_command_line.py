import subprocess
import sys
from datetime import UTC, datetime, timedelta

import pytest

from infra.cli.connect import addressed, settings_of
from infra.cli.main import main
from infra.cli.parser import make_parser

COMMANDS = (
    "story", "export", "erase", "pause", "resume", "accounted", "redrive", "publish", "playbooks",
    "write-key create", "write-key rotate", "write-key revoke", "write-key list", "account put", "account list",
    "read-key create", "read-key rotate", "read-key revoke", "read-key list", "costs", "forecast", "true-up",
    "budget set", "budget list", "budget remove", "budget resume",
)


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_explains_itself_in_two_languages(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main([*command.split(), "--help"])

    text = capsys.readouterr().out
    assert ended.value.code == 0
    assert "--stack" in text
    assert "--endpoint-url" in text
    assert any("一" <= character <= "鿿" for character in text)


@pytest.mark.parametrize("argv", [
    [], ["stories"], ["story"], ["story", "c-1", "--limit", "0"], ["story", "c-1", "--since", "yesterday"],
    ["accounted", "--grace", "soon"], ["redrive", "everything"], ["export", "c-1"], ["account", "put", "shop"],
    ["costs", "--by", "campaign"], ["costs", "--by", "day,day"], ["costs", "--month", "2026-13"],
    ["forecast"], ["forecast", "a.yaml", "--entering", "0"], ["forecast", "a.yaml", "--share", "tea"], ["true-up"],
    ["account", "put", "shop", "--corp-id", "ww1", "--appid", "wx1"], ["account", "put", "shop", "--secret", "s3cret"],
])
def test_a_wrong_command_line_ends_with_2_and_says_why(argv: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(argv)

    assert ended.value.code == 2
    assert "error: " in capsys.readouterr().err


def test_the_stack_may_be_named_before_or_after_the_command() -> None:
    before = make_parser().parse_args(["--stack", "chaoxi-prod", "--json", "write-key", "list"])
    after = make_parser().parse_args(["write-key", "list", "--stack", "chaoxi-prod", "--json"])

    assert before == after
    assert (before.stack, before.region, before.json) == ("chaoxi-prod", None, True)


def test_without_a_stack_it_is_the_one_for_development() -> None:
    assert make_parser().parse_args(["playbooks"]).stack == "chaoxi-dev"


@pytest.mark.parametrize(("written", "meant"), [
    ("2026-11-22", datetime(2026, 11, 22, tzinfo=UTC)),
    ("2026-11-22T18:00", datetime(2026, 11, 22, 18, tzinfo=UTC)),
    ("2026-11-22T18:00+08:00", datetime(2026, 11, 22, 10, tzinfo=UTC)),
    ("2026-11-22T10:00:00Z", datetime(2026, 11, 22, 10, tzinfo=UTC)),
])
def test_a_time_without_an_offset_is_utc(written: str, meant: datetime) -> None:
    assert make_parser().parse_args(["story", "c-1", "--since", written]).since == meant


@pytest.mark.parametrize(("written", "meant"), [
    ("90s", timedelta(seconds=90)),
    ("15m", timedelta(minutes=15)),
    ("24h", timedelta(hours=24)),
    ("7d", timedelta(days=7)),
])
def test_a_grace_has_a_unit(written: str, meant: timedelta) -> None:
    assert make_parser().parse_args(["accounted", "--grace", written]).grace == meant


def test_an_emulator_on_this_machine_needs_no_credentials() -> None:
    told = addressed(None, "http://127.0.0.1:4650")

    assert told["AWS_ENDPOINT_URL"] == "http://127.0.0.1:4650"
    assert told["AWS_ACCESS_KEY_ID"] == "test"
    assert told["AWS_REGION"] == "ap-southeast-1"


def test_an_emulator_elsewhere_gets_the_operators_own_credentials() -> None:
    assert "AWS_ACCESS_KEY_ID" not in addressed("cn-north-1", "https://emulator.example.com")


def test_a_region_is_the_region_of_every_client() -> None:
    assert addressed("cn-north-1", None) == {"AWS_REGION": "cn-north-1", "AWS_DEFAULT_REGION": "cn-north-1"}


def test_the_stack_tells_the_settings_that_its_functions_have() -> None:
    told = settings_of({
        "Parameters": [
            {"ParameterKey": "Speed", "ParameterValue": "4320"}, {"ParameterKey": "Other", "ParameterValue": "x"},
        ],
        "Outputs": [{"OutputKey": "PushesQueueUrl", "OutputValue": "https://sqs/pushes.fifo"}],
    })

    assert told == {"STAGE": "dev", "SPEED": "4320", "PUSHES_QUEUE_URL": "https://sqs/pushes.fifo"}


def test_help_loads_neither_aws_nor_the_tables() -> None:
    done = subprocess.run([sys.executable, "-X", "importtime", "-m", "infra.cli", "--help"],
                          capture_output=True, text=True, check=True)

    loaded = {line.rpartition("|")[2].strip() for line in done.stderr.splitlines()}
    assert "infra.cli.parser" in loaded
    assert not loaded & {"boto3", "botocore", "pynamodb", "pydantic", "rich"}


def test_a_failure_is_one_line_and_code_1() -> None:
    command = [sys.executable, "-m", "infra.cli", "playbooks", "--endpoint-url", "http://127.0.0.1:4659"]

    done = subprocess.run(command, capture_output=True, text=True, check=False)

    assert done.returncode == 1
    assert done.stderr.startswith("error: Could not connect to the endpoint URL")
    assert done.stderr.count("\n") == 1
    assert done.stdout == ""
