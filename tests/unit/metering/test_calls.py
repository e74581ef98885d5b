"""What calls cost is taken from their answers, whoever made the client."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import botocore.session
import pytest
from botocore.exceptions import ClientError, ReadTimeoutError

from chalicelib.metering.meter import Meter, begin
from chalicelib.metering.usage import Usage
from tests.harness.remote import ATTACHED, AwsError, Call

KEY = {"id": {"S": "1"}}
ITEM = {"id": {"S": "1"}, "text": {"S": "x" * 3000}}


@dataclass
class Answers:
    """Stands where AWS stands: gives one answer, or raises it, and notes what it was asked."""

    output: Any = field(default_factory=dict)
    asked: list[Mapping[str, Any]] = field(default_factory=list)

    def before(self, call: Call) -> None:
        """See a call leave."""
        if isinstance(self.output, ReadTimeoutError):
            raise self.output

    def after(self, call: Call) -> None:
        """See a call return."""

    def answer(self, service: str, operation: Any, params: Mapping[str, Any]) -> Any:
        """Answer."""
        self.asked.append(params)
        if isinstance(self.output, Exception):
            raise self.output
        return self.output


@pytest.fixture
def aws() -> Iterator[Answers]:
    answers = Answers()
    ATTACHED.append(answers)
    yield answers
    ATTACHED.remove(answers)


@pytest.fixture
def meter() -> Meter:
    return begin()


def client(service: str) -> Any:
    return botocore.session.get_session().create_client(service, region_name="us-east-1")


def used(meter: Meter) -> Usage:
    return meter.shared.usage


def refusal(code: str) -> AwsError:
    return AwsError(code, "no")


@pytest.mark.parametrize(
    ("operation", "params", "consumed", "reads", "writes"),
    [
        ("get_item", {"TableName": "t", "Key": KEY}, {"CapacityUnits": 0.5}, 500, 0),
        ("query", {"TableName": "t", "KeyConditionExpression": "id = :x"}, {"CapacityUnits": 12.5}, 12500, 0),
        ("scan", {"TableName": "t"}, {"CapacityUnits": 128.0}, 128000, 0),
        ("batch_get_item", {"RequestItems": {"t": {"Keys": [KEY]}}}, [{"CapacityUnits": 1.0}, {"CapacityUnits": 2.5}],
         3500, 0),
        ("transact_get_items", {"TransactItems": [{"Get": {"TableName": "t", "Key": KEY}}]}, [{"CapacityUnits": 2.0}],
         2000, 0),
        ("put_item", {"TableName": "t", "Item": KEY}, {"CapacityUnits": 3.0}, 0, 3000),
        ("update_item", {"TableName": "t", "Key": KEY}, {"CapacityUnits": 1.0}, 0, 1000),
        ("delete_item", {"TableName": "t", "Key": KEY}, {"CapacityUnits": 1.0}, 0, 1000),
        ("transact_write_items", {"TransactItems": [{"Put": {"TableName": "t", "Item": KEY}}]},
         [{"CapacityUnits": 2.0}, {"CapacityUnits": 4.0}], 0, 6000),
    ],
)
def test_units_are_those_that_the_service_says_and_it_is_asked_to_say_them(
    aws: Answers, meter: Meter, operation: str, params: Any, consumed: Any, reads: int, writes: int
) -> None:
    aws.output = {"ConsumedCapacity": consumed}
    getattr(client("dynamodb"), operation)(**params)
    assert (used(meter).rru, used(meter).wru) == (reads, writes)
    assert [asked["ReturnConsumedCapacity"] for asked in aws.asked] == ["TOTAL"]
    assert sum(used(meter).calls.values()) == 1


def test_an_answer_that_names_no_units_counts_the_call_alone(aws: Answers, meter: Meter) -> None:
    client("dynamodb").get_item(TableName="t", Key=KEY)
    assert (used(meter).rru, used(meter).calls) == (0, {"dynamodb.GetItem": 1})


def test_a_call_of_another_service_is_counted_by_its_name(aws: Answers, meter: Meter) -> None:
    client("sqs").send_message(QueueUrl="https://sqs.us-east-1.amazonaws.com/1/q", MessageBody="hello")
    assert (used(meter).calls, used(meter).wru) == ({"sqs.SendMessage": 1}, 0)


def test_a_write_whose_condition_failed_is_charged_by_the_size_of_what_was_to_be_written(
    aws: Answers, meter: Meter
) -> None:
    aws.output = refusal("ConditionalCheckFailedException")
    with pytest.raises(ClientError):
        client("dynamodb").put_item(TableName="t", Item=ITEM, ConditionExpression="attribute_not_exists(id)")
    assert (used(meter).wru, used(meter).calls) == (3000, {"dynamodb.PutItem.refused": 1})


def test_a_transaction_that_was_cancelled_is_charged_twice_for_each_of_its_writes(aws: Answers, meter: Meter) -> None:
    aws.output = refusal("TransactionCanceledException")
    addition = {"TableName": "t", "Key": KEY, "UpdateExpression": "ADD n :n"}
    acts = [{"Put": {"TableName": "t", "Item": ITEM}}, {"Update": addition}]
    with pytest.raises(ClientError):
        client("dynamodb").transact_write_items(TransactItems=acts)
    assert (used(meter).wru, used(meter).calls) == (8000, {"dynamodb.TransactWriteItems.refused": 1})


@pytest.mark.parametrize("code", ["AccessDeniedException", "ValidationException", "ResourceNotFoundException"])
def test_a_call_that_was_refused_outright_costs_no_units(aws: Answers, meter: Meter, code: str) -> None:
    aws.output = refusal(code)
    with pytest.raises(ClientError):
        client("dynamodb").put_item(TableName="t", Item=ITEM)
    assert (used(meter).wru, used(meter).calls) == (0, {"dynamodb.PutItem.refused": 1})


def test_who_asks_for_units_in_another_form_keeps_it(aws: Answers, meter: Meter) -> None:
    aws.output = {"ConsumedCapacity": {"CapacityUnits": 3.0, "Table": {"CapacityUnits": 1.0}}}
    client("dynamodb").put_item(TableName="t", Item=KEY, ReturnConsumedCapacity="INDEXES")
    assert used(meter).wru == 3000
    assert aws.asked[0]["ReturnConsumedCapacity"] == "INDEXES"
