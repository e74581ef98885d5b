import json
from typing import Any

import boto3
import pytest

from chalicelib.domain.push import digest
from chalicelib.models.behaviours import BehaviourRow
from chalicelib.models.customers import CustomerRow
from tests.integration.cli.stage import NOW, XIAOLI, XIAOLI_ID, Stage

Captured = pytest.CaptureFixture[str]
STEP = {"customer_id": XIAOLI_ID, "run": "tea", "version": 1}


def told(stage: Stage, capsys: Captured, code: int, *argv: str) -> str:
    """Run a command and return what it printed."""
    capsys.readouterr()
    assert stage.run("redrive", *argv) == code
    return capsys.readouterr().out


def record_of(stage: Stage) -> dict[str, Any]:
    """Return a stream's record of a behaviour that is stored and not yet taken in."""
    behaviour = stage.happens("page")
    fresh = behaviour.model_copy(update={"id": "lost", "name": "Message Received"})
    BehaviourRow.record(fresh)
    keys = {"subject": {"S": fresh.subject}, "position": {"S": fresh.position}}
    return {"eventName": "INSERT", "dynamodb": {"Keys": keys, "SequenceNumber": "50"}}


def test_a_record_that_was_set_aside_goes_to_its_function_again(stage: Stage, capsys: Captured) -> None:
    stage.happens("wecom.add_external_contact")
    record = record_of(stage)
    stage.fails("TagFailures", {"reason": "KeyError: 'x'", "record": record})

    text = told(stage, capsys, 0, "tag")

    assert "put back by 1 call of chaoxi-test-Tag-A1B2" in text
    assert "(KeyError: 'x')" in text
    assert stage.functions.called == [{"Records": [{**record, "redriven": True}]}]
    assert stage.waiting("TagFailures") == []
    customer = CustomerRow.fetch(XIAOLI_ID)
    assert customer is not None
    assert "asked" in customer.tags


def test_a_record_that_fails_again_stays(stage: Stage, capsys: Captured) -> None:
    body = {"reason": "KeyError", "record": record_of(stage)}
    stage.fails("TagFailures", body)
    stage.functions.broken = "still broken"

    text = told(stage, capsys, 1, "tag")

    assert "kept: " in text
    assert "(the function failed: RuntimeError: still broken)" in text
    assert stage.waiting("TagFailures") == [body]


def test_a_dry_run_only_shows(stage: Stage, capsys: Captured) -> None:
    body = {"reason": "KeyError", "record": record_of(stage)}
    stage.fails("TagFailures", body)

    text = told(stage, capsys, 0, "tag", "--dry-run")

    assert text.startswith(f"waits: {XIAOLI}/")
    assert stage.functions.called == []
    assert stage.waiting("TagFailures") == [body]


@pytest.mark.parametrize("body", [STEP, {"reason": "no such content", "record": {"body": json.dumps(STEP)}}])
def test_a_wakeup_goes_to_its_queue_again(stage: Stage, capsys: Captured, body: dict[str, Any]) -> None:
    stage.fails("RunStepFailures", body)

    assert "put back on chaoxi-test-due-steps" in told(stage, capsys, 0, "run_step")

    assert stage.waiting("DueStepsQueue") == [STEP]
    assert stage.waiting("RunStepFailures") == []


def test_a_batch_goes_to_the_ordered_queue_even_if_it_was_there_a_moment_ago(stage: Stage, capsys: Captured) -> None:
    batch = {"batch": "shop/anna/x", "bucket": 7}
    stage.sqs.send_message(
        QueueUrl=stage.url("PushesQueue"), MessageBody=json.dumps(batch), MessageGroupId=digest("shop/anna/x"),
        MessageDeduplicationId=digest("shop/anna/x", 7),
    )
    stage.fails("DeliverFailures", batch)

    told(stage, capsys, 0, "deliver")

    found = stage.sqs.get_queue_attributes(QueueUrl=stage.url("PushesQueue"), AttributeNames=["All"])["Attributes"]
    assert found["ApproximateNumberOfMessages"] == "2"


@pytest.mark.parametrize(("body", "queue"), [
    (STEP, "DueStepsQueue"),
    ({"batch": "shop/anna/x", "sequence": 1, "poll": 0, "due_at": "2026-03-02T02:00:00Z"}, "ResultsQueue"),
    ({"subject": XIAOLI, "account": "shop", "rule": "tea/silent", "because": "b", "due_at": "2026-03-02T02:00:00Z"},
     "TimersQueue"),
])
def test_an_undelivered_schedule_finds_its_queue_by_what_it_says(
    stage: Stage, capsys: Captured, body: dict[str, Any], queue: str
) -> None:
    stage.fails("UndeliveredSchedules", body)

    told(stage, capsys, 0, "schedules")

    assert stage.waiting(queue) == [body]


def test_what_is_none_of_ours_stays_and_is_named(stage: Stage, capsys: Captured) -> None:
    stage.fails("CollectFailures", {"hello": "world"})

    assert "it holds no wake-up" in told(stage, capsys, 1, "collect")
    assert stage.waiting("CollectFailures") == [{"hello": "world"}]


def test_a_limit_leaves_the_rest(stage: Stage, capsys: Captured) -> None:
    for version in (1, 2, 3):
        stage.fails("RunStepFailures", {**STEP, "version": version})

    told(stage, capsys, 0, "run_step", "--limit", "2")

    assert len(stage.waiting("RunStepFailures")) == 1


def test_the_news_of_a_lost_batch_leads_to_its_records_in_the_stream(stage: Stage, capsys: Captured) -> None:
    arn = streamed()
    stage.happens("wecom.add_external_contact")
    stage.happens("wecom.add_external_contact", subject="wecom:ww1:amei")
    numbers = numbers_of(arn)
    stage.fails("TagFailures", news(arn, numbers[0], numbers[-1], len(numbers)))

    text = told(stage, capsys, 0, "tag")

    called = [call["Records"][0] for call in stage.functions.called]
    assert f"put back by {len(numbers)} calls" in text
    assert [record["dynamodb"]["SequenceNumber"] for record in called] == numbers
    assert [record.get("redriven") for record in called] == [True, True]
    assert isinstance(called[0]["dynamodb"]["ApproximateCreationDateTime"], float)


def test_news_of_a_batch_that_the_stream_has_lost_stays(stage: Stage, capsys: Captured) -> None:
    arn = streamed()
    body = news(arn.replace("behaviours", "no-such-table"), "1" * 21, "2" * 21, 2)
    stage.fails("TagFailures", body)

    assert "expired: a stream keeps its records for 24 hours" in told(stage, capsys, 1, "tag")
    assert stage.waiting("TagFailures") == [body]


def streamed() -> str:
    """Give the behaviours table a stream and return its ARN."""
    found = boto3.client("dynamodb").update_table(
        TableName="chaoxi-test-behaviours", StreamSpecification={"StreamEnabled": True, "StreamViewType": "NEW_IMAGE"}
    )
    return str(found["TableDescription"]["LatestStreamArn"])


def numbers_of(arn: str) -> list[str]:
    """Return the sequence numbers in a stream."""
    streams: Any = boto3.client("dynamodbstreams")
    shard = streams.describe_stream(StreamArn=arn)["StreamDescription"]["Shards"][0]["ShardId"]
    first = streams.get_shard_iterator(StreamArn=arn, ShardId=shard, ShardIteratorType="TRIM_HORIZON")
    records = streams.get_records(ShardIterator=first["ShardIterator"])["Records"]
    return [each["dynamodb"]["SequenceNumber"] for each in records]


def news(arn: str, first: str, last: str, size: int) -> dict[str, Any]:
    """Return what Lambda leaves behind when a batch's retries ran out."""
    streams: Any = boto3.client("dynamodbstreams")
    shards = streams.describe_stream(StreamArn=arn)["StreamDescription"]["Shards"] if "behaviours" in arn else []
    return {
        "requestContext": {"requestId": "r", "condition": "RetryAttemptsExhausted", "approximateInvokeCount": 9},
        "version": "1.0",
        "DDBStreamBatchInfo": {
            "shardId": shards[0]["ShardId"] if shards else "shardId-00000001573416256148-6607acdc",
            "startSequenceNumber": first, "endSequenceNumber": last, "batchSize": size, "streamArn": arn,
            "approximateArrivalOfFirstRecord": NOW.isoformat(), "approximateArrivalOfLastRecord": NOW.isoformat(),
        },
    }
