"""The tables: moto's, reached by a shorter way, and dumped in one canonical form."""

import copy
import json
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

import botocore.session
from boto3.dynamodb.types import TypeDeserializer
from botocore.parsers import create_parser
from moto.core.exceptions import JsonRESTError, ServiceException
from moto.dynamodb.models import DynamoDBBackend, dynamodb_backends
from moto.dynamodb.models.utilities import dynamo_json_dump
from moto.dynamodb.responses import DynamoHandler

from tests.harness import capacity
from tests.harness.remote import AwsError, Json
from tests.harness.stack import ACCOUNT, REGION, Table

SHORTER = {
    "GetItem": "get_item",
    "PutItem": "put_item",
    "UpdateItem": "update_item",
    "DeleteItem": "delete_item",
    "Query": "query",
    "Scan": "scan",
    "BatchGetItem": "batch_get_item",
    "BatchWriteItem": "batch_write_item",
    "TransactWriteItems": "transact_write_items",
}
KEYS = {"HASH": 0, "RANGE": 1}


@cache
def client(service: str) -> Any:
    """Return a client of the harness's own."""
    session = botocore.session.get_session()
    return session.create_client(
        service, region_name=REGION, aws_access_key_id="testing", aws_secret_access_key="testing"
    )


@cache
def parser() -> Any:
    """Return botocore's parser of DynamoDB's answers."""
    return create_parser("json")


def backend() -> DynamoDBBackend:
    """Return moto's DynamoDB."""
    return dynamodb_backends[ACCOUNT][REGION]


def create_tables(tables: Iterable[Table]) -> None:
    """Create the stack's tables. Streams carry both images: the harness itself hides what the view leaves out."""
    both = {"StreamEnabled": True, "StreamViewType": "NEW_AND_OLD_IMAGES"}
    for table in tables:
        stream = {"StreamSpecification": both} if table.view else {}
        client("dynamodb").create_table(TableName=table.name, **table.properties, **stream)


def answer(model: Any, params: Mapping[str, Any]) -> Json | None:
    """Do an operation of items without HTTP, which is most of what moto's way costs; None: moto's way it is."""
    if model.name not in SHORTER:
        return None
    handler = DynamoHandler()
    handler.region, handler.current_account = REGION, ACCOUNT
    handler.body = handler.params = copy.deepcopy(dict(params))
    measured = "ReturnConsumedCapacity" in params
    written = capacity.writes_in(model.name, params, backend()) if measured else []
    try:
        result = getattr(handler, SHORTER[model.name])()
    except JsonRESTError as error:
        raise refusal(json.loads(error.get_body()), error.code or 400) from None
    except ServiceException as error:
        raise AwsError(error.code, error.message) from None
    body = dynamo_json_dump(result.result).encode()
    parsed: Json = parser().parse({"status_code": 200, "headers": {}, "body": body}, model.output_shape)
    if measured:
        parsed["ConsumedCapacity"] = capacity.consumed(model.name, params, written, parsed, backend())
    return parsed


def refusal(body: Mapping[str, Any], status: int) -> AwsError:
    """Return the error that moto's answer stands for, with whatever it says beside code and text."""
    said = {key: value for key, value in body.items() if key not in ("__type", "message", "Message")}
    text = body.get("message") or body.get("Message") or ""
    return AwsError(body["__type"].rpartition("#")[2], text, status, **said)


def dump(tables: Iterable[Table], stack: str) -> dict[str, list[Json]]:
    """Return every row of every table as plain values, in order of its key, by the table's own name."""
    return {table.name.removeprefix(f"{stack}-"): rows_of(table) for table in tables}


def rows_of(table: Table) -> list[Json]:
    """Return a table's rows in order of their keys."""
    deserialize = TypeDeserializer().deserialize
    items = [item.to_json()["Attributes"] for item in backend().get_table(table.name).all_items()]
    rows = [{name: deserialize(value) for name, value in sorted(item.items())} for item in items]
    schema = sorted(table.properties["KeySchema"], key=lambda element: KEYS[element["KeyType"]])
    return sorted(rows, key=lambda row: [str(row[element["AttributeName"]]) for element in schema])
