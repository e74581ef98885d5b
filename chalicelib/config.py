"""The settings of one deployment. The only reader of the environment."""

import os
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from typing import Literal

WECOM_BASE_URL = "https://qyapi.weixin.qq.com"


@dataclass(frozen=True)
class Settings:
    """What infra/template.yaml hands to every function.

    `speed` is how many seconds of journey time pass in one real second: 1 in every cloud stage,
    and read by the scheduler gateway alone.
    """

    stage: str
    stack: str
    region: str
    architecture: Literal["arm64", "x86_64"]
    behaviour_retention: timedelta
    due_steps_queue_url: str
    pushes_queue_url: str
    results_queue_url: str
    timers_queue_url: str
    rejects_queue_url: str
    failures_queue_url: str
    due_steps_queue_arn: str
    results_queue_arn: str
    timers_queue_arn: str
    pushes_queue_arn: str
    scheduler_role_arn: str
    schedule_group: str
    schedule_dlq_arn: str
    speed: float
    gather: timedelta
    wecom_base_url: str
    egress_proxy_url: str
    raise_on_partial_failure: bool

    def table(self, name: str) -> str:
        """Return the physical name of a table, e.g. `chaoxi-prod-customers`."""
        return f"{self.stack}-{name}"

    def account_parameter(self, account: str) -> str:
        """Return the name of the SecureString that holds an account's secrets."""
        return f"/chaoxi/{self.stack}/accounts/{account}"


@cache
def settings() -> Settings:
    """Read the environment once.

    Raises KeyError with the variable's name when the deployment lacks one that has no default.
    """
    env = os.environ
    return Settings(
        stage=env["STAGE"],
        stack=env["STACK"],
        region=env.get("AWS_REGION", ""),
        architecture="x86_64" if env.get("ARCHITECTURE") == "x86_64" else "arm64",
        behaviour_retention=timedelta(days=int(env.get("BEHAVIOUR_RETENTION_DAYS", "400"))),
        due_steps_queue_url=env.get("DUE_STEPS_QUEUE_URL", ""),
        pushes_queue_url=env.get("PUSHES_QUEUE_URL", ""),
        results_queue_url=env.get("RESULTS_QUEUE_URL", ""),
        timers_queue_url=env.get("TIMERS_QUEUE_URL", ""),
        rejects_queue_url=env.get("REJECTS_QUEUE_URL", ""),
        failures_queue_url=env.get("FAILURES_QUEUE_URL", ""),
        due_steps_queue_arn=env.get("DUE_STEPS_QUEUE_ARN", ""),
        results_queue_arn=env.get("RESULTS_QUEUE_ARN", ""),
        timers_queue_arn=env.get("TIMERS_QUEUE_ARN", ""),
        pushes_queue_arn=env.get("PUSHES_QUEUE_ARN", ""),
        scheduler_role_arn=env.get("SCHEDULER_ROLE_ARN", ""),
        schedule_group=env.get("SCHEDULE_GROUP", ""),
        schedule_dlq_arn=env.get("SCHEDULE_DLQ_ARN", ""),
        speed=float(env.get("SPEED", "1")),
        gather=timedelta(seconds=float(env.get("GATHER_SECONDS", "60"))),
        wecom_base_url=env.get("WECOM_BASE_URL") or WECOM_BASE_URL,
        egress_proxy_url=env.get("EGRESS_PROXY_URL", ""),
        raise_on_partial_failure=env.get("RAISE_ON_PARTIAL_FAILURE") == "1",
    )


def stack_name() -> str:
    """Return the name that logs and metrics carry; also where there is no deployment, as when app.py is packaged."""
    return os.environ.get("STACK", "chaoxi")


def lambda_handler() -> str | None:
    """Return what Lambda will call, e.g. `app.customer_changed`; None outside Lambda."""
    return os.environ.get("_HANDLER")
