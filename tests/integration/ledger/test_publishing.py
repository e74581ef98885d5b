"""A new price book: published whole or refused, used from its day on within a minute, and never changed again."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from chalicelib.domain.pricing.reading import PriceBookError
from chalicelib.services.publish_price_book import publish_price_book
from chalicelib.services.read_price_books import shelf
from tests.integration.cli.conftest import stage as stage  # noqa: PLC0414 - a fixture
from tests.integration.cli.stage import Stage
from tests.unit.pricing.books import book_file

VERSION = "2026-12-01.1"
TEXT = json.dumps(book_file(VERSION, "0.40"))


def test_a_published_book_is_used_within_a_minute(stage: Stage, region: str) -> None:
    now = datetime(2026, 12, 1, 10, tzinfo=UTC)
    assert shelf(now).on(now.date()).version == "2026-11-22.1"
    assert publish_price_book(TEXT, "mine.json") == VERSION
    assert shelf(now + timedelta(seconds=1)).newest.version == "2026-11-22.1", "a warm function asks once a minute"
    assert shelf(now + timedelta(minutes=1)).on(now.date()).version == VERSION
    assert shelf(now + timedelta(minutes=1)).on(datetime(2026, 11, 30, tzinfo=UTC).date()).version == "2026-11-22.1"


def test_publishing_the_same_twice_is_once(stage: Stage, region: str) -> None:
    assert publish_price_book(TEXT, "mine.json") == publish_price_book(TEXT, "mine.json") == VERSION


@pytest.mark.parametrize("version", [VERSION, "2026-11-22.1"], ids=["published", "shipped"])
def test_a_version_that_lines_may_name_never_gets_other_prices(stage: Stage, region: str, version: str) -> None:
    publish_price_book(TEXT, "mine.json")
    with pytest.raises(PriceBookError, match="taken by other prices: write the next edition"):
        publish_price_book(json.dumps(book_file(version, "0.41")), "mine.json")


@pytest.mark.parametrize("text", ["", "{", "version: 1", '{"version": "1", "version": "2"}'])
def test_a_file_that_is_no_whole_json_is_refused(stage: Stage, text: str) -> None:
    with pytest.raises(PriceBookError, match=r"mine\.json: "):
        publish_price_book(text, "mine.json")


def test_the_command_publishes_and_lists(stage: Stage, tmp_path, capsys) -> None:
    (tmp_path / "mine.json").write_text(TEXT)
    assert stage.run("price-book", "publish", str(tmp_path / "mine.json"), "--json") == 0
    assert json.loads(capsys.readouterr().out)["price_book"] == VERSION
    assert stage.run("price-book", "list", "--json") == 0
    listed = json.loads(capsys.readouterr().out)
    assert [book["version"] for book in listed] == ["2026-11-22.1", VERSION]
    assert stage.run("price-book", "list") == 0
    assert "data_out" in capsys.readouterr().out
