"""A secret is found wherever it is; only what the tests made up can be accepted."""

import subprocess
from pathlib import Path

import pytest

from infra.check_secrets import Finding, accepted, findings_in, kept_files, unknown
from infra.failure import Failure

# Put together here, so that this file holds none.
KEY = "AKIA" + "IOSFODNN7EXAMPLF"
ENCODING_AES_KEY = "jWmYm7qr5nMoAUwZRjGt" + "Bxmz3KA1tkAj3ykkR6q2B2C"


@pytest.mark.parametrize(
    "line",
    [
        f'KEY_ID = "{KEY}"',
        f'AES_KEY = "{ENCODING_AES_KEY}"',
        "-----BEGIN RSA " + "PRIVATE KEY-----",
        'database_password = "' + "correct-Horse-9" + '"',
        "url: https://shop:" + "s3cr3t-Pa55@example.com/",
    ],
)
def test_what_looks_like_a_secret_is_found_with_its_line(tmp_path: Path, line: str) -> None:
    (tmp_path / "settings.py").write_text(f"STAGE = 'prod'\n{line}\n")
    assert {(found.path, found.line) for found in findings_in(tmp_path, "settings.py")} == {("settings.py", 2)}


def test_a_plain_word_is_no_secret(tmp_path: Path) -> None:
    (tmp_path / "units.py").write_text('UNITS = {"secret": "month"}\n')
    assert findings_in(tmp_path, "units.py") == []


def test_only_what_the_tests_made_up_is_accepted_and_a_new_one_is_told() -> None:
    ours, theirs = Finding("tests/a.py", 1, "Key", "h1"), Finding("chalicelib/a.py", 1, "Key", "h1")
    moved, new = Finding("tests/a.py", 9, "Key", "h1"), Finding("tests/a.py", 9, "Key", "h2")
    known = accepted([ours, theirs])
    assert known == {"tests/a.py": ["h1"]}
    assert unknown([ours, moved], known) == []
    assert unknown([new, theirs], {**known, "chalicelib/a.py": ["h1"]}) == [new, theirs]


def test_new_files_are_looked_at_and_ignored_ones_are_not(tmp_path: Path) -> None:
    subprocess.run(["git", "init", "--quiet", str(tmp_path)], check=True)
    (tmp_path / ".gitignore").write_text(".venv/\n")
    (tmp_path / "new.py").touch()
    (tmp_path / ".venv").mkdir()
    (tmp_path / ".venv" / "theirs.py").touch()
    assert kept_files(tmp_path) == [".gitignore", "new.py"]


def test_a_folder_without_git_is_one_line(tmp_path: Path) -> None:
    with pytest.raises(Failure, match="git cannot list"):
        kept_files(tmp_path)
