"""What a test of the commands stands on: a stack, and people who do things in it."""

import json
import os
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from io import BytesIO
from itertools import count
from pathlib import Path
from typing import Any

import boto3

from chalicelib.domain.behaviour import Behaviour
from chalicelib.domain.identity import customer_id_for
from chalicelib.gateways import schedules
from chalicelib.handlers import behaviour_stream, customer_stream, enrolment_stream
from chalicelib.models.behaviours import BehaviourRow
from chalicelib.models.catalog import CatalogRow
from chalicelib.models.customers import CustomerRow
from chalicelib.models.enrolments import EnrolmentRow
from chalicelib.models.identities import IdentityRow
from chalicelib.models.pushes import PushRow
from chalicelib.schemas.wakeups import StepDue
from chalicelib.services.move_customer import move_customer
from chalicelib.services.run_step import run_step
from chalicelib.services.schedule_step import name_of, schedule_step
from chalicelib.services.tag_customer import Arrival, tag_customer
from infra.cli.connect import Connection, connect
from infra.cli.main import main

NOW = datetime(2026, 3, 2, 2, tzinfo=UTC)  # a Monday, 10:00 in Shanghai
STACK = "chaoxi-test"
CORP = "ww1"
XIAOLI = f"wecom:{CORP}:xiaoli"
PLAYBOOK = Path(__file__).parent / "tea.yaml"
QUEUES = {
    "DueStepsQueue": "due-steps", "PushesQueue": "pushes.fifo", "ResultsQueue": "results", "TimersQueue": "timers",
    "RejectsQueue": "rejects", "UndeliveredSchedules": "undelivered-schedules", "TagFailures": "tag-failures",
    "GreetFailures": "greet-failures", "MoveFailures": "move-failures", "ScheduleFailures": "schedule-failures",
    "RunStepFailures": "run-step-failures", "DeliverFailures": "deliver-failures.fifo",
    "CollectFailures": "collect-failures", "PassTimeFailures": "pass-time-failures",
}
TELLING = ("DueStepsQueue", "PushesQueue", "ResultsQueue", "TimersQueue", "RejectsQueue")
ARN = "arn:aws:sqs:ap-southeast-1:123456789012:"
ENVIRONMENT = {  # what only the functions are told, and the services of this story need
    "DUE_STEPS_QUEUE_ARN": f"{ARN}{STACK}-due-steps",
    "PUSHES_QUEUE_ARN": f"{ARN}{STACK}-pushes.fifo",
    "RESULTS_QUEUE_ARN": f"{ARN}{STACK}-results",
    "TIMERS_QUEUE_ARN": f"{ARN}{STACK}-timers",
    "SCHEDULER_ROLE_ARN": "arn:aws:iam::123456789012:role/scheduler",
    "SCHEDULE_DLQ_ARN": f"{ARN}{STACK}-undelivered-schedules",
}
FUNCTIONS = {"Tag": behaviour_stream, "Move": customer_stream, "Schedule": enrolment_stream}


def template() -> str:
    """Return a template with the queues, the parameters and the outputs of the real one; functions are only names."""
    resources: dict[str, Any] = {
        logical: {"Type": "AWS::SQS::Queue", "Properties": {"QueueName": f"{STACK}-{name}", **fifo(name)}}
        for logical, name in QUEUES.items()
    }
    for logical in FUNCTIONS:
        name = f"{STACK}-{logical}-A1B2"
        properties = {"Name": name, "Type": "String", "Value": "x"}
        resources[logical] = {"Type": "AWS::SSM::Parameter", "Properties": properties}
    parameters = {"Stage": "dev", "Speed": "1", "GatherSeconds": "60", "BehaviourRetentionDays": "400"}
    outputs = {f"{logical}Url": {"Value": {"Ref": logical}} for logical in TELLING}
    return json.dumps({
        "Parameters": {name: {"Type": "String", "Default": value} for name, value in parameters.items()},
        "Resources": resources,
        "Outputs": {**outputs, "ScheduleGroupName": {"Value": STACK}},
    })


def fifo(name: str) -> dict[str, bool]:
    """Return what makes a queue keep its order."""
    return {"FifoQueue": True} if name.endswith(".fifo") else {}


class Functions:
    """Stands where Lambda's API is, and runs our handlers."""

    def __init__(self) -> None:
        self.called: list[Any] = []
        self.broken = ""

    def invoke(self, FunctionName: str, Payload: bytes) -> dict[str, Any]:
        """Run a handler, or fail as a broken function does."""
        self.called.append(json.loads(Payload))
        if self.broken:
            told = {"errorType": "RuntimeError", "errorMessage": self.broken}
            return {"FunctionError": "Unhandled", "Payload": BytesIO(json.dumps(told).encode())}
        answer = FUNCTIONS[FunctionName.split("-")[2]].handle(json.loads(Payload))
        return {"Payload": BytesIO(json.dumps(answer).encode())}


@dataclass(frozen=True)
class Reached(Connection):
    """A connection whose Lambda is ours."""

    functions: Functions

    def client(self, service: Any) -> Any:
        """Return a client of a service, made once for all tests."""
        return self.functions if service == "lambda" else aws_client(service)


@cache
def aws_client(service: Any) -> Any:
    """Return a client, which takes a fifth of a second to make."""
    return boto3.client(service)


class Stage:
    """The stack, and whoever acts in it."""

    def __init__(self) -> None:
        os.environ.update(ENVIRONMENT)
        aws_client("cloudformation").create_stack(StackName=STACK, TemplateBody=template())
        aws_client("scheduler").create_schedule_group(Name=STACK)
        for model in (BehaviourRow, CatalogRow, CustomerRow, EnrolmentRow, IdentityRow, PushRow):
            model.create_table(billing_mode="PAY_PER_REQUEST")
        self.sqs, self.functions, self.numbers = aws_client("sqs"), Functions(), count(1)
        self.connection = self.reach(STACK, None, None)
        self.run("publish", str(PLAYBOOK))

    def reach(self, stack: str, region: str | None, endpoint_url: str | None) -> Connection:
        """Connect as the command does, but to our functions."""
        found = connect(stack, region, endpoint_url)
        return Reached(found.stack, found.speed, self.functions)

    def run(self, *argv: str) -> int:
        """Run a command line on this stack."""
        return main([*argv, "--stack", STACK], self.reach)

    def happens(self, name: str, subject: str = XIAOLI, also: tuple[str, ...] = (), **properties: Any) -> Behaviour:
        """Something happens now, and the loop takes it in: tag, move, schedule."""
        now, number = datetime.now(UTC), next(self.numbers)
        behaviour = Behaviour(
            subject=subject, occurred_at=now, id=f"e{number}", name=name, account="shop", source="test",
            received_at=now, properties=properties, also=also, staff="anna" if name.startswith("wecom.") else None,
        )
        BehaviourRow.record(behaviour)
        tag_customer([Arrival(behaviour, str(number))], now)
        self.moves(str(IdentityRow.customer_of(subject)), now)
        return behaviour

    def moves(self, customer_id: str, now: datetime) -> None:
        """A customer changed: their runs follow, and wait for their next steps."""
        move_customer(customer_id, now)
        for enrolment in EnrolmentRow.of_customer(customer_id):
            schedule_step(customer_id, enrolment.run, now)

    def step(self, run: str = "tea", subject: str = XIAOLI) -> None:
        """The next step of a run is run when it is due."""
        customer_id = str(IdentityRow.customer_of(subject))
        enrolment = EnrolmentRow.fetch(customer_id, run)
        assert enrolment is not None
        assert enrolment.due_at is not None
        due = StepDue(customer_id=customer_id, run=run, version=enrolment.version)
        schedules.cancel(name_of(enrolment, enrolment.version))  # a schedule is gone once it has fired
        run_step(due, max(datetime.now(UTC), enrolment.due_at))

    def waiting(self, logical_id: str) -> list[dict[str, Any]]:
        """Return the bodies of the messages in a queue."""
        found = self.sqs.receive_message(QueueUrl=self.url(logical_id), MaxNumberOfMessages=10, VisibilityTimeout=0)
        return [json.loads(message["Body"]) for message in found.get("Messages", [])]

    def fails(self, logical_id: str, body: dict[str, Any]) -> None:
        """Something lies in a failure queue."""
        grouping = {"MessageGroupId": "failed", "MessageDeduplicationId": str(next(self.numbers))}
        self.sqs.send_message(
            QueueUrl=self.url(logical_id), MessageBody=json.dumps(body), **(grouping if "Deliver" in logical_id else {})
        )

    def url(self, logical_id: str) -> str:
        """Return a queue's URL."""
        return str(self.sqs.get_queue_url(QueueName=f"{STACK}-{QUEUES[logical_id]}")["QueueUrl"])

    def schedules(self) -> set[str]:
        """Return the names of the schedules that wait."""
        found = aws_client("scheduler").list_schedules(GroupName=STACK)["Schedules"]
        return {each["Name"] for each in found}

    def later(self, by: timedelta) -> str:
        """Return an instant from now as an operator writes it."""
        return (datetime.now(UTC) + by).isoformat()


XIAOLI_ID = customer_id_for(XIAOLI)
