"""Every way in which a file can be wrong is answered with file, line, field, and what to write."""

from pathlib import Path

import pytest

from infra.playbook_file import PlaybookError, load
from tests.unit.playbooks.broken import BROKEN, GOOD


@pytest.mark.parametrize(("good", "bad", "place", "advice"), BROKEN.values(), ids=BROKEN)
def test_a_broken_file_is_refused_with_file_line_field_and_advice(
    tmp_path: Path, good: str, bad: str, place: str, advice: str
) -> None:
    assert good in GOOD
    file = tmp_path / "demo.yaml"
    file.write_text(GOOD.replace(good, bad, 1), encoding="utf-8")
    with pytest.raises(PlaybookError) as refused:
        load(file)
    lines = str(refused.value).splitlines()
    fitting = [line for line in lines if line.startswith((f"{file}:{place}:", f"{file}:{place}."))]
    assert fitting, lines
    assert any(advice in line for line in fitting), lines


def test_the_file_that_the_broken_ones_are_made_from_is_good(tmp_path: Path) -> None:
    file = tmp_path / "demo.yaml"
    file.write_text(GOOD, encoding="utf-8")
    assert load(file).id == "demo"


def test_all_problems_are_told_at_once_in_the_order_of_the_file(tmp_path: Path) -> None:
    file = tmp_path / "demo.yaml"
    file.write_text(
        GOOD.replace("zone: Asia/Shanghai", "zone: Mars").replace("intent: low", "intent: hot"), encoding="utf-8"
    )
    with pytest.raises(PlaybookError) as refused:
        load(file)
    assert [line.split(":")[1] for line in str(refused.value).splitlines()] == ["3", "23"]


@pytest.mark.parametrize(
    ("content", "advice"),
    [
        (b"", "1: the file is empty"),
        (b"# nothing\n", "1: the file is empty"),
        (b"- a\n- b\n", "1: write fields"),
        (b"just a text", "1: write fields"),
        ("id: demo\nname: 示例\n".encode("gbk"), "2: not UTF-8"),
        (b"id: " + b"x" * 1_000_000, "larger than 1 MB"),
        (b"[" * 100_000, "1: nested more than 32 deep"),
        (b"a: [1, 2\n", "2: not YAML"),
    ],
)
def test_what_is_no_playbook_at_all_is_refused_in_one_line(tmp_path: Path, content: bytes, advice: str) -> None:
    file = tmp_path / "demo.yaml"
    file.write_bytes(content)
    with pytest.raises(PlaybookError) as refused:
        load(file)
    assert advice in str(refused.value)
    assert len(str(refused.value).splitlines()) == 1 or "missing" in str(refused.value)


def test_a_file_that_is_not_there_is_told_in_one_line(tmp_path: Path) -> None:
    with pytest.raises(PlaybookError, match=r"nowhere.yaml: cannot be read: No such file or directory$"):
        load(tmp_path / "nowhere.yaml")


def test_a_folder_is_not_a_playbook(tmp_path: Path) -> None:
    with pytest.raises(PlaybookError, match="cannot be read"):
        load(tmp_path)


def test_a_problem_stays_on_its_line_whatever_was_written(tmp_path: Path) -> None:
    file = tmp_path / "demo.yaml"
    file.write_text(GOOD.replace('at: "20:30"', 'at: "20\\n30"'), encoding="utf-8")
    with pytest.raises(PlaybookError) as refused:
        load(file)
    assert len(str(refused.value).splitlines()) == 1
