import io
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import boto3
import pytest

from chalicelib.models.write_keys import fetch_keys
from infra.cli.main import main
from infra.failure import Failure
from tests.integration.cli.stage import PLAYBOOK, Stage

Captured = pytest.CaptureFixture[str]
SECRETS = {"token": "tok", "aes_key": "k" * 43, "secret": "s3cret"}


def key_printed(stage: Stage, capsys: Captured, *argv: str) -> str:
    """Return the key that a command printed."""
    capsys.readouterr()
    assert stage.run("write-key", *argv) == 0
    return capsys.readouterr().out.strip()


def is_accepted(source: str, key: str, after: timedelta = timedelta(0)) -> bool:
    """Whether a source's key is good."""
    keys = fetch_keys(source)
    return keys is not None and keys.accepts(key, datetime.now(UTC) + after)


def test_a_key_is_printed_once_alone_and_stored_nowhere(stage: Stage, capsys: Captured) -> None:
    key = key_printed(stage, capsys, "create", "shop")

    assert is_accepted("shop", key)
    assert stage.run("write-key", "list", "--json") == 0
    assert key.partition(".")[2] not in capsys.readouterr().out


def test_a_rotated_key_ends_after_its_grace(stage: Stage, capsys: Captured) -> None:
    old = key_printed(stage, capsys, "create", "shop")
    new = key_printed(stage, capsys, "rotate", "shop", "--grace", "24h")

    assert is_accepted("shop", old, after=timedelta(hours=23))
    assert not is_accepted("shop", old, after=timedelta(hours=25))
    assert is_accepted("shop", new, after=timedelta(days=365))


def test_a_revoked_source_has_no_key(stage: Stage, capsys: Captured) -> None:
    key = key_printed(stage, capsys, "create", "shop")

    assert "no key of shop is valid any more" in key_printed(stage, capsys, "revoke", "shop")
    assert not is_accepted("shop", key)
    assert "no valid key" in key_printed(stage, capsys, "list")


@pytest.mark.parametrize(("argv", "message"), [
    (("create", "shop"), "shop has a key: `write-key rotate shop` makes the next one"),
    (("rotate", "stranger"), "there is no source stranger"),
    (("create", "Not A Name"), "is no source's name"),
])
def test_a_key_is_not_made_by_mistake(stage: Stage, argv: tuple[str, ...], message: str) -> None:
    stage.run("write-key", "create", "shop")

    with pytest.raises(Failure, match=message):
        stage.run("write-key", *argv)


def test_publishing_prints_the_version_and_does_not_publish_the_same_twice(stage: Stage, capsys: Captured) -> None:
    capsys.readouterr()
    assert stage.run("publish", str(PLAYBOOK)) == 0
    assert capsys.readouterr().out.startswith("tea@1 is live in chaoxi-test")


def test_a_changed_playbook_becomes_the_next_version(stage: Stage, tmp_path: Path, capsys: Captured) -> None:
    changed = tmp_path / "tea.yaml"
    changed.write_text(PLAYBOOK.read_text().replace("新茶到了。", "春茶到了。"))
    stage.run("publish", str(changed))
    capsys.readouterr()

    assert stage.run("playbooks", "--json") == 0

    told = json.loads(capsys.readouterr().out)
    assert [(one["id"], one["version"], one["journeys"]) for one in told] == [("tea", 2, ["tea"])]


def test_a_wrong_playbook_is_refused_with_its_line_and_the_old_one_stays(
    stage: Stage, tmp_path: Path, capsys: Captured
) -> None:
    wrong = tmp_path / "tea.yaml"
    wrong.write_text(PLAYBOOK.read_text().replace("after: 2h", "after: soon"))

    with pytest.raises(Failure, match=r"tea\.yaml:\d+: journeys"):
        stage.run("publish", str(wrong))
    capsys.readouterr()
    stage.run("playbooks")
    assert "tea@1" in capsys.readouterr().out


def put(stage: Stage, monkeypatch: pytest.MonkeyPatch, told: str, *argv: str) -> int:
    """Store an account whose secrets come from a pipe."""
    monkeypatch.setattr("sys.stdin", io.StringIO(told))
    return stage.run("account", "put", "shop", "--corp-id", "ww1", *argv)


def test_an_account_is_stored_encrypted_and_listed_without_its_secrets(
    stage: Stage, monkeypatch: pytest.MonkeyPatch, capsys: Captured
) -> None:
    assert put(stage, monkeypatch, json.dumps(SECRETS), "--agent-id", "1000002") == 0

    name = "/chaoxi/chaoxi-test/accounts/shop"
    found = boto3.client("ssm").get_parameter(Name=name, WithDecryption=True)["Parameter"]
    assert found["Type"] == "SecureString"
    assert json.loads(found["Value"]) == {"kind": "wecom", "corp_id": "ww1", "agent_id": "1000002", **SECRETS}
    assert stage.run("account", "list") == 0
    text = capsys.readouterr().out
    assert "shop     wecom  ww1" in text
    assert not any(secret in text for secret in SECRETS.values())


def test_an_account_is_overwritten_only_on_purpose(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    put(stage, monkeypatch, json.dumps(SECRETS))

    with pytest.raises(Failure, match="account shop exists: add --replace to overwrite it"):
        put(stage, monkeypatch, json.dumps(SECRETS))
    assert put(stage, monkeypatch, json.dumps(SECRETS), "--replace") == 0


@pytest.mark.parametrize(("told", "message"), [
    ("not json", "one JSON object"),
    (json.dumps({"token": "t"}), "token, aes_key, secret, and nothing else"),
    (json.dumps({**SECRETS, "aes_key": "short"}), "aes_key has 5 characters, an EncodingAESKey has 43"),
])
def test_broken_secrets_are_refused_without_being_shown(
    stage: Stage, monkeypatch: pytest.MonkeyPatch, told: str, message: str
) -> None:
    with pytest.raises(Failure, match=message) as refused:
        put(stage, monkeypatch, told)
    assert "s3cret" not in str(refused.value)


def test_a_stack_that_is_not_there_is_named(stage: Stage) -> None:
    with pytest.raises(Failure, match="there is no stack chaoxi-nowhere in ap-southeast-1"):
        main(["playbooks", "--stack", "chaoxi-nowhere"])
