import json
from pathlib import Path
from typing import Any

import pytest

from infra.cli.putting_back import STREAMS
from infra.cli.stream_records import wanted
from infra.structure import load_yaml
from tests.harness.patterns import passes

TEMPLATE = load_yaml(Path(__file__).parents[3] / "infra" / "template.yaml")
IMAGES: tuple[dict[str, Any], ...] = (
    {"kind": {"S": "customer"}},
    {"kind": {"S": "staff"}},
    {"kind": {"S": "customer"}, "welcome_code": {"S": "w"}},
    {},
)


@pytest.mark.parametrize("function", STREAMS)
@pytest.mark.parametrize("happened", ["INSERT", "MODIFY", "REMOVE"])
@pytest.mark.parametrize("image", IMAGES)
def test_a_call_of_ours_hands_over_what_the_streams_filter_would(
    function: str, happened: str, image: dict[str, Any]
) -> None:
    source = TEMPLATE["Resources"][STREAMS[function]]["Properties"]["Events"]
    filters = source[f"{STREAMS[function]}DynamodbEventSource"]["Properties"]["FilterCriteria"]["Filters"]
    record = {"eventName": happened, "dynamodb": {"NewImage": image} if happened != "REMOVE" else {}}

    assert wanted(function, record) == passes([json.loads(one["Pattern"]) for one in filters], record)
