import json
from decimal import Decimal

import pytest

from infra.failure import Failure
from tests.integration.cli.stage import NOW, Stage
from tests.integration.costs.spending import ledger, spent
from tests.unit.costs.reports import FOLDER

SHIPPED = "playbooks/consultation.yaml"


def test_the_ledger_is_set_beside_the_bill(stage: Stage, capsys: pytest.CaptureFixture[str]) -> None:
    with ledger():
        spent(NOW.replace(month=11), 100_000, {"journey": "tea/tea"})
        capsys.readouterr()
        assert stage.run("true-up", str(FOLDER / "cur2.parquet"), "--month", "2026-11", "--json") == 0
        told = json.loads(capsys.readouterr().out)
        stage.run("true-up", str(FOLDER / "legacy.csv"), "--month", "2026-11")
        text = capsys.readouterr().out
        with pytest.raises(Failure, match=r"yuan.csv: it is in CNY, and the ledger in USD: take the report"):
            stage.run("true-up", str(FOLDER / "yuan.csv"), "--month", "2026-11")
        with pytest.raises(Failure, match=r"nowhere.csv: cannot be read: No such file"):
            stage.run("true-up", "nowhere.csv")

    [dynamodb] = [row for row in told["services"] if row["service"] == "DynamoDB"]
    assert Decimal(dynamodb["modelled"]) == Decimal("0.071")
    assert Decimal(dynamodb["billed"]) == Decimal("0.142000285")
    assert told["by_tag"] is True
    assert "billed: the lines tagged aws_cloudformation_stack_name=chaoxi-test" in text
    assert "all of these" in text


def test_a_forecast_stands_on_the_ledger_where_it_has_seen_enough(
    stage: Stage, capsys: pytest.CaptureFixture[str]
) -> None:
    with ledger():
        for _ in range(100):
            spent(NOW, 3, {"journey": "tea/tea"})
        capsys.readouterr()
        assert stage.run("forecast", SHIPPED, "--entering", "2000", "--json") == 0
        told = json.loads(capsys.readouterr().out)
        with pytest.raises(Failure, match="write --entering 2000"):
            stage.run("forecast", SHIPPED)
        with pytest.raises(Failure, match="over is 40: write a number from 1 to 30"):
            stage.run("forecast", SHIPPED, "--entering", "10", "--over", "40")

    assert any("step (100): this ledger" in text for text in told["assumptions"])
    assert any("received (100), taken in" in text for text in told["assumptions"])
    assert Decimal(told["total"]) == sum(Decimal(row["amount"]) for row in told["rows"])


def test_without_a_stack_shipped_prices_and_the_measured_table_do(capsys: pytest.CaptureFixture[str]) -> None:
    from infra.cli.main import main

    assert main(["forecast", SHIPPED, "--entering", "2000", "--offline", "us-east-1"]) == 0
    assert "an upper bound" in capsys.readouterr().out
    with pytest.raises(Failure, match="no shipped price book has mars-1: there are"):
        main(["forecast", SHIPPED, "--entering", "2000", "--offline", "mars-1"])
