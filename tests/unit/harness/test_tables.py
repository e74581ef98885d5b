from decimal import Decimal
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError

from chalicelib.errors import ConflictError
from tests.harness import Delivery, database
from tests.unit.harness.conftest import Bring
from tests.unit.harness.small_stack import STACK, Spy, client, cloud_with, write

pytestmark = pytest.mark.integration
TABLE = f"{STACK}-facts"
KEY = {"who": {"S": "a"}, "what": {"S": "1"}}
STEPS: list[tuple[str, dict[str, Any]]] = [
    ("put_item", {"Item": {**KEY, "n": {"N": "1"}, "m": {"M": {"l": {"L": [{"BOOL": True}, {"NULL": True}]}}}}}),
    ("put_item", {"Item": KEY, "ConditionExpression": "attribute_not_exists(who)"}),
    ("put_item", {"Item": {"who": {"S": ""}, "what": {"S": "1"}}}),
    ("get_item", {"Key": KEY, "ConsistentRead": True}),
    ("get_item", {"Key": {"who": {"S": "nobody"}, "what": {"S": "1"}}}),
    (
        "update_item",
        {
            "Key": KEY,
            "UpdateExpression": "SET n = n + :one",
            "ExpressionAttributeValues": {":one": {"N": "1"}},
            "ReturnValues": "ALL_NEW",
            "ReturnConsumedCapacity": "TOTAL",
        },
    ),
    (
        "update_item",
        {
            "Key": KEY,
            "UpdateExpression": "SET n = :nil",
            "ConditionExpression": "n > :nil AND n < :nil",
            "ExpressionAttributeValues": {":nil": {"N": "0"}},
            "ReturnValuesOnConditionCheckFailure": "ALL_OLD",
        },
    ),
    ("query", {"KeyConditionExpression": "who = :who", "ExpressionAttributeValues": {":who": {"S": "a"}}}),
    ("query", {"KeyConditionExpression": "nonsense"}),
    ("scan", {}),
    ("delete_item", {"Key": KEY, "ReturnValues": "ALL_OLD"}),
]


UNCOMPARED = ("ResponseMetadata", "message", "ConsumedCapacity")


def outcomes() -> list[Any]:
    """Do all steps; return answers and errors, without what is about the transport and the units that moto guesses."""
    found: list[Any] = []
    for operation, params in STEPS:
        try:
            answer = getattr(client("dynamodb"), operation)(TableName=TABLE, **params)
        except ClientError as error:
            answer = error.response
        found.append({key: value for key, value in answer.items() if key not in UNCOMPARED})
    return found


def test_the_short_way_to_motos_tables_answers_as_the_long_one(monkeypatch: pytest.MonkeyPatch) -> None:
    with cloud_with():
        short = outcomes()
    monkeypatch.setattr(database, "SHORTER", {})
    with cloud_with():
        assert outcomes() == short


def test_a_table_that_is_not_there_is_not_found(bring_up: Bring) -> None:
    bring_up()
    with pytest.raises(client("dynamodb").exceptions.ResourceNotFoundException):
        client("dynamodb").get_item(TableName="nobody", Key=KEY)


def test_boto3s_resources_see_the_same_tables(bring_up: Bring) -> None:
    cloud = bring_up()
    boto3.resource("dynamodb").Table(TABLE).put_item(Item={"who": "a", "what": "1", "n": Decimal("1.5")})
    assert cloud.tables() == {"facts": [{"n": Decimal("1.5"), "what": "1", "who": "a"}]}


def test_a_dump_is_ordered_by_key_whatever_the_order_of_the_writes() -> None:
    dumps = []
    for names in (("b1", "a2", "a1"), ("a1", "a2", "b1")):
        with cloud_with() as cloud:
            write(*names)
            dumps.append(cloud.tables())
    assert dumps[0] == dumps[1]
    assert [row["who"] + row["what"] for row in dumps[0]["facts"]] == ["a1", "a2", "b1"]


def test_every_cloud_begins_empty() -> None:
    for _ in range(2):
        with cloud_with() as cloud:
            assert cloud.tables() == {"facts": []}
            write("a1")


def test_a_function_that_counts_deliveries_is_told_from_one_that_does_not() -> None:
    def count(event: Any, context: Any) -> None:
        for record in event["Records"]:
            if record["eventName"] == "INSERT" and record["dynamodb"]["Keys"]["who"]["S"] == "a":
                client("dynamodb").update_item(
                    TableName=TABLE,
                    Key={"who": {"S": "z"}, "what": {"S": "z"}},
                    UpdateExpression="ADD n :one",
                    ExpressionAttributeValues={":one": {"N": "1"}},
                )

    def dump(function: Any, duplicates: bool) -> Any:
        with cloud_with(function, delivery=Delivery(duplicates=duplicates)) as cloud:
            write("a1", "a2")
            cloud.run_until_quiet()
            return cloud.tables()

    assert dump(count, False) != dump(count, True)
    assert dump(Spy(), False) == dump(Spy(), True)


def test_the_products_own_models_work_on_these_tables() -> None:
    from chalicelib.models.catalog import CatalogRow
    from tests.harness import Cloud

    with Cloud(functions={}) as cloud:
        CatalogRow.put("playbook", "p", "{}", condition=CatalogRow.id.does_not_exist())
        with pytest.raises(ConflictError):
            CatalogRow.put("playbook", "p", "{}", condition=CatalogRow.id.does_not_exist())
        assert list(CatalogRow.of_kind("playbook")) == [("p", "{}")]
        assert cloud.tables()["catalog"] == [{"document": "{}", "id": "p", "kind": "playbook"}]


def test_a_parameter_is_stored_once_and_read_decrypted_only_when_asked(bring_up: Bring) -> None:
    bring_up()
    ssm = client("ssm")
    ssm.put_parameter(Name="/a", Value="secret", Type="SecureString")
    with pytest.raises(ssm.exceptions.ParameterAlreadyExists):
        ssm.put_parameter(Name="/a", Value="other", Type="SecureString")
    assert ssm.get_parameter(Name="/a")["Parameter"]["Value"] != "secret"
    assert ssm.get_parameter(Name="/a", WithDecryption=True)["Parameter"]["Value"] == "secret"
    ssm.delete_parameter(Name="/a")
    with pytest.raises(ssm.exceptions.ParameterNotFound):
        ssm.get_parameter(Name="/a")
