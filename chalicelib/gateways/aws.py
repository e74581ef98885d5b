"""AWS clients, each built on its first use and kept for the life of the function."""

from functools import cache
from typing import TYPE_CHECKING, Any, Literal, overload

import botocore.session
from botocore.config import Config

if TYPE_CHECKING:
    from mypy_boto3_logs import CloudWatchLogsClient
    from mypy_boto3_scheduler import EventBridgeSchedulerClient
    from mypy_boto3_sqs import SQSClient
    from mypy_boto3_ssm import SSMClient

CONFIG = Config(connect_timeout=3, read_timeout=10, retries={"mode": "standard", "max_attempts": 3})


@overload
def client(service: Literal["sqs"]) -> "SQSClient": ...
@overload
def client(service: Literal["scheduler"]) -> "EventBridgeSchedulerClient": ...
@overload
def client(service: Literal["ssm"]) -> "SSMClient": ...
@overload
def client(service: Literal["logs"]) -> "CloudWatchLogsClient": ...
@cache
def client(service: str) -> Any:
    """Return the client of a service; botocore's own session spares the import of boto3 and its S3 parts."""
    return botocore.session.get_session().create_client(service, config=CONFIG)
